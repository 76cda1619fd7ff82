"""A web server that answers every request with the same bytes: `python -m benchmarks.constant`.

The page's own framework and server, with nothing to read and nothing to draw.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response


def main(port: int, body: bytes) -> None:
    """Serve `body` on loopback until terminated."""
    app = FastAPI()

    @app.get("/")
    async def page() -> Response:
        return Response(body, media_type="text/html")

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes())
