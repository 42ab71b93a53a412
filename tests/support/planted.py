"""Secrets that a test plants, and the search for them in everything that is written or told."""

import base64
import fnmatch
import stat
import urllib.parse


class Planted:
    """Secrets by their names: Planted(crits_key="…", token="…")."""

    def __init__(self, **secrets):
        self.shapes = {}
        for name, secret in secrets.items():
            plain = secret.encode()
            self.shapes[name] = {plain, urllib.parse.quote(secret, safe="").encode(), base64.b64encode(plain)}

    def found_in(self, data):
        """The names of those that stand in the bytes or text."""
        data = data.encode(errors="replace") if isinstance(data, str) else data
        return {name for name, shapes in self.shapes.items() if any(shape in data for shape in shapes)}

    def require_not_told(self, data, where):
        found = self.found_in(data)
        assert not found, f"{where} tells {sorted(found)}"

    def require_kept_in(self, folder, places):
        """Looks at every file below the folder. `places`: pattern of paths -> the secrets that may stand there; such a
        file is for its owner alone. Gives back the names that were found somewhere."""
        seen = set()
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.is_symlink():
                continue
            found, name = self.found_in(path.read_bytes()), str(path.relative_to(folder))
            allowed = {secret for pattern, secrets in places.items() if fnmatch.fnmatch(name, pattern)
                       for secret in secrets}
            assert found <= allowed, f"{name} holds {sorted(found - allowed)}"
            mode = stat.S_IMODE(path.stat().st_mode)
            assert not found or mode == 0o600, f"{name} holds {sorted(found)} and has mode {mode:o}"
            seen |= found
        return seen
