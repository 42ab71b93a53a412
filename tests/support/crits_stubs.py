"""The service for CRITs without CRITs and Django: as much of both as it touches."""
import importlib
import pathlib
import sys
import types

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "crits_service"


class Field:
    def __init__(self, initial=None, label="", **_):
        self.initial, self.label = initial, label


class Form:
    def __init__(self, data=None, initial=None):
        self.data, self.initial = data, initial
        self.fields = {name: field for name, field in vars(type(self)).items() if isinstance(field, Field)}


class ServiceConfigError(Exception):
    pass


class Service:
    """What CRITs gives a service to tell with."""

    def __init__(self):
        self.told, self.current_task = [], None

    def _info(self, sentence):
        self.told.append(("info", sentence))

    def _error(self, sentence):
        self.told.append(("error", sentence))


class Connector:
    """Keeps what was published; fails as told."""

    published, opened, failure, released = [], [], None, 0

    def __init__(self, connector, uri, ssl):
        if Connector.failure:
            raise OSError(Connector.failure % uri)
        Connector.opened.append((connector, uri, ssl))

    def send_msg(self, body, exchange, key):
        Connector.published.append((body, exchange, key))

    def release(self):
        Connector.released += 1


def module(name, **members):
    made = types.ModuleType(name)
    vars(made).update(members)
    sys.modules[name] = made
    return made


def load_service():
    """The service's module, with what it imports replaced. Connector starts anew."""
    Connector.published, Connector.opened, Connector.failure, Connector.released = [], [], None, 0
    widgets = {name: lambda **_: None for name in ("TextInput", "PasswordInput")}
    fields = {name: Field for name in ("CharField", "IntegerField", "BooleanField")}
    forms = module("django.forms", Form=Form, **fields, **widgets)
    module("django", forms=forms)
    module("django.template")
    module("django.template.loader", render_to_string=lambda name, context: (name, context))
    module("crits")
    module("crits.services")
    module("crits.services.core", Service=Service, ServiceConfigError=ServiceConfigError)
    module("crits.services.connector", Connector=Connector)
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    for name in [name for name in sys.modules if name.startswith("cuckoo_distributed_service")]:
        del sys.modules[name]
    return importlib.import_module("cuckoo_distributed_service")


class Task:
    def __init__(self, task_id, username):
        self.task_id, self.username = task_id, username


class Sample:
    """CRITs' object, as far as the service looks at it."""

    def __init__(self, name, content, object_id, md5="00"):
        self.filename, self.md5, self.id = name, md5, object_id
        self._meta = {"crits_type": "Sample"}
        self.source = [types.SimpleNamespace(name="test")]
        self.filedata = types.SimpleNamespace(grid_id=1, read=lambda: content)
