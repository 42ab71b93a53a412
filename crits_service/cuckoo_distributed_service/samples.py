"""Hands a sample's bytes to brood's API, so that the message carries a reference. Nothing of CRITs in here."""
import hashlib
import json

try:
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener
except ImportError:  # Python 2
    from urllib2 import HTTPError, HTTPRedirectHandler, ProxyHandler, Request, build_opener

TIMEOUT = 60  # seconds without a byte
LONGEST_ANSWER = 10000


class Refused(Exception):
    """brood does not take the sample: somebody has to put something right."""


class Unreachable(Exception):
    """brood does not answer, or cannot take samples at this moment."""


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to the configured URL alone."""

    def redirect_request(self, *_):
        return None


def put(url, token, content):
    """The reference to these bytes, which brood then has. Doing it again is harmless."""
    sha256 = hashlib.sha256(content).hexdigest()
    # str: Python 2 cannot send bytes behind a head of unicode.
    request = Request('%s/api/v1/samples/%s' % (str(url).rstrip('/'), sha256), data=content,
                      headers={'Authorization': 'Bearer %s' % str(token), 'Content-Type': 'application/octet-stream'})
    request.get_method = lambda: 'PUT'
    try:
        # Samples go straight to brood: a proxy in between would stop them, or keep them.
        build_opener(ProxyHandler({}), _NoRedirect()).open(request, timeout=TIMEOUT).close()
    except HTTPError as problem:
        sentence = 'brood answers %s: %s' % (problem.code, _sentence(problem.read(LONGEST_ANSWER)))
        raise (Unreachable if problem.code >= 500 else Refused)(sentence)
    except Exception as problem:
        raise Unreachable('brood cannot be reached: %s' % problem)
    return 'sha256:' + sha256


def _sentence(answer):
    try:
        return json.loads(answer.decode('utf-8'))['error']
    except (ValueError, KeyError, TypeError):
        return 'no reason given'
