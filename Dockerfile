FROM python:3.12-slim
WORKDIR /app
COPY requirements-bootstrap.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-bootstrap.lock \
    && uv pip install --system --compile-bytecode --no-cache --require-hashes -r requirements.lock
# What there is to copy is said by .dockerignore.
COPY . .
RUN uv pip install --system --no-cache --no-deps --no-build-isolation --editable . \
    && useradd --create-home concord \
    && install -d -o concord -m 700 /var/lib/concord /var/lib/concord/dagster \
    && install -o concord -m 600 compose.dagster.yaml /var/lib/concord/dagster/dagster.yaml
USER concord
VOLUME /var/lib/concord
