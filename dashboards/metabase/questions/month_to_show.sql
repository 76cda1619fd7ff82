coalesce(
        [[to_date(greatest({{period}}), 'YYYY-MM'),]]
        (
            select max(shown.period_start)
            from $source as shown
            where
                not shown.is_partial
                and (shown.value is not null or shown.suppressed_reason is not null)
                $card
        )
    )
