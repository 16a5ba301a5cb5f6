"""procrastinate on PostgreSQL."""

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector

from bench.queues.task import COUNT, MODE, PLACE, send

app = App(connector=PsycopgConnector(conninfo=PLACE))
task = app.task(name="send")(send)


def main() -> None:
    """Put the tasks, or do them."""
    if MODE == "put":
        with app.replace_connector(SyncPsycopgConnector(conninfo=PLACE)) as sync, sync.open():
            if not sync.check_connection():
                sync.schema_manager.apply_schema()
            sync.tasks["send"].batch_defer(*({"number": number} for number in range(int(COUNT))))
        return
    app.run_worker()


if __name__ == "__main__":
    main()
