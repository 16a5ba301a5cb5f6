"""Where a response ends and whether its connection lasts, for every kind that servers send."""

import pytest

from bench.responses import Response, ResponseError

OK = b"HTTP/1.1 200 OK\r\n"
COUNTED = OK + b"Content-Length: 4\r\n\r\nbody"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2;x=y\r\ndy\r\n0\r\n\r\n"
UNTIL_THE_END = OK + b"\r\nbody"


@pytest.mark.parametrize("raw", [COUNTED, CHUNKED])
@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_a_response_is_complete_with_its_last_byte(raw: bytes, piece: int) -> None:
    response = Response()
    *most, last = [raw[start : start + piece] for start in range(0, len(raw), piece)]
    assert [response.add(chunk) for chunk in most] == [None] * len(most)
    assert response.add(last) == b"body"


def test_a_response_without_a_length_ends_with_its_connection() -> None:
    response = Response()
    assert response.add(UNTIL_THE_END) is None
    assert response.add(b"") == b"body"


@pytest.mark.parametrize("raw", [b"", COUNTED[:20], COUNTED[:-1], CHUNKED[:-1]])
def test_half_a_response_is_an_error(raw: bytes) -> None:
    response = Response()
    if raw:
        assert response.add(raw) is None
    with pytest.raises(ResponseError, match="closed a connection"):
        response.add(b"")


def test_another_status_is_an_error_that_shows_it() -> None:
    with pytest.raises(ResponseError, match="500 Oh no"):
        Response().add(b"HTTP/1.1 500 Oh no\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("head", "lasting"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: Close\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", True),
    ],
)
def test_who_keeps_the_connection(head: bytes, lasting: bool) -> None:
    response = Response()
    assert response.add(head) == b""
    assert response.lasting is lasting
