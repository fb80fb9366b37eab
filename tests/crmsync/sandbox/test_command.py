"""`manage.py sandbox`: serves until it is told to stop, refuses bad input in one sentence with exit code 2."""

import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser

from crmsync.management.commands.sandbox import Command, make_clock


def parse(*arguments):
    parser = CommandParser()
    Command().add_arguments(parser)
    return vars(parser.parse_args(arguments))


def test_command_serves_and_ends_cleanly_on_a_signal(settings):
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--deals", "20", "--living", "--code", "abc"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = urlsplit(process.stdout.readline().split()[-1])
        connection = HTTPConnection("127.0.0.1", url.port or 0, timeout=10)
        connection.request("GET", url.path + "profile")
        assert json.load(connection.getresponse())["result"]["ADMIN"] is True
        connection.close()
        assert url.path == "/rest/1/abc/"
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_taken_port_is_told_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=str(port)) as caught:
            call_command("sandbox", port=port, deals=5)
    assert caught.value.returncode == 2


def test_broken_folder_is_told_with_file_and_line(tmp_path):
    (tmp_path / "deals.jsonl").write_text('{"id": 1}\nnonsense\n')
    with pytest.raises(CommandError, match=r"2.*deals\.jsonl") as caught:
        call_command("sandbox", data=tmp_path)
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["--deals", "0"],
        ["--bucket", "50"],
        ["--operating-limit", "never"],
        ["--speed", "-1"],
        ["--code", "a/b"],
        ["--now", "yesterday"],
        ["--fault", "explode"],
    ],
)
def test_wrong_option_is_refused(arguments):
    with pytest.raises(CommandError, match=arguments[0]):
        parse(*arguments)


def test_limits_can_be_set_and_switched_off():
    assert parse()["bucket"] == (50, 2)
    assert parse("--bucket", "5/0.5")["bucket"] == (5, 0.5)
    off = parse("--bucket", "off", "--operating-limit", "off")
    assert (off["bucket"], off["operating_limit"]) == ((0, 0), 0)


def test_portal_time_starts_where_it_was_told():
    clock = make_clock(parse("--now", "2026-03-01T12:00:00+03:00")["now"])
    assert 0 <= clock() - 1_772_355_600 < 5
