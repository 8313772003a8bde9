"""What the environment says is checked before anything starts."""

import secrets

import pytest

from gridgov.kernel.settings import Settings, SettingsError

ENVIRONMENT = {
    "GRIDGOV_DATABASE_URL": "postgresql://gridgov_app:x@/gridgov?host=/run/postgresql",
    "GRIDGOV_OWNER_URL": "postgresql://gridgov_owner:x@/gridgov?host=/run/postgresql",
    "GRIDGOV_PROVINCE_URL": "postgresql://gridgov_province:x@/gridgov?host=/run/postgresql",
    "GRIDGOV_REDIS_URL": "redis://127.0.0.1:6379/0",
    "GRIDGOV_SECRET": secrets.token_hex(32),
    "GRIDGOV_FILES": "/var/lib/gridgov/files",
    "GRIDGOV_HOSTS": "grid.example.gov",
    "GRIDGOV_DEMO": "",
    "GRIDGOV_BIND": "127.0.0.1:8000",
    "GRIDGOV_WEB_PROCESSES": "4",
    "GRIDGOV_POOL_SIZE": "8",
    "GRIDGOV_PROXIES": "127.0.0.1",
}


@pytest.fixture
def read(monkeypatch):
    def given(**changes: str) -> Settings:
        for name, value in {**ENVIRONMENT, **changes}.items():
            monkeypatch.setenv(name, value)
        return Settings.from_env()

    return given


def test_what_is_said_is_taken(read):
    settings = read()

    assert (settings.bind_host, settings.bind_port) == ("127.0.0.1", 8000)
    assert settings.hosts == ("grid.example.gov",)
    assert not settings.demo


def test_a_child_gets_the_same_settings(read):
    settings = read()

    assert read(**settings.environment()) == settings


@pytest.mark.parametrize(
    "weak", ["short", "x" * 31, "changeme" * 8, "my-placeholder-of-more-than-32-bytes-of-length"]
)
def test_a_placeholder_starts_nothing_outside_the_demo(read, weak):
    with pytest.raises(SettingsError, match="GRIDGOV_SECRET"):
        read(GRIDGOV_SECRET=weak)

    assert read(GRIDGOV_SECRET=weak, GRIDGOV_DEMO="1").demo


@pytest.mark.parametrize("name", ["DATABASE_URL", "OWNER_URL", "REDIS_URL", "SECRET", "FILES"])
def test_what_is_missing_is_named(read, name):
    with pytest.raises(SettingsError, match=f"GRIDGOV_{name}"):
        read(**{f"GRIDGOV_{name}": ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIND", "8000"),
        ("BIND", ":8000"),
        ("BIND", "127.0.0.1:http"),
        ("WEB_PROCESSES", "many"),
        ("WEB_PROCESSES", "0"),
        ("POOL_SIZE", "-1"),
    ],
)
def test_what_is_no_number_is_named(read, name, value):
    with pytest.raises(SettingsError, match=f"GRIDGOV_{name}"):
        read(**{f"GRIDGOV_{name}": value})
