"""What the service publishes. Nothing of CRITs or Django in here."""
import base64
import re

try:
    from urllib.parse import quote
except ImportError:  # Python 2
    from urllib import quote

REQUIRED = (
    ('rabbit_address', "RabbitMQ host"),
    ('rabbit_port', "RabbitMQ port"),
    ('rabbit_user', "RabbitMQ user"),
    ('rabbit_pw', "RabbitMQ password"),
    ('rabbit_key', "RabbitMQ routing key"),
    ('crits_api_key', "CRITs API key"),
)
# What is told and kept nowhere.
SECRETS = ('rabbit_pw', 'crits_api_key', 'brood_token')
OPTIONS = ('package', 'timeout', 'priority', 'machine', 'options')


def complaint(config):
    """What is wrong with a configuration, as a sentence; '' if nothing is."""
    missing = [label for key, label in REQUIRED if not config.get(key)]
    if missing:
        return "Missing: %s." % ", ".join(missing)
    port = str(config['rabbit_port'])
    if not port.isdigit() or not 0 < int(port) < 65536:
        return "The RabbitMQ port is no number from 1 to 65535."
    for key, label in (('crits_url', "CRITs URL"), ('brood_url', "brood URL")):
        url = config.get(key) or ''
        if url and not re.match(r'https?://[^/?#@\s]+(/[^?#\s]*)?$', url):
            return "The %s must begin with http:// or https:// and hold no user, password or query." % label
    token = config.get('brood_token') or ''
    if config.get('brood_url') and not re.match(r'[A-Za-z0-9._~+/=-]{16,}$', token):
        return "The brood token belongs to the brood URL; it lies in brood's state folder, in api.token."
    return ''


def amqp_url(config):
    """Where to connect to. Every part is quoted, so that a password may hold anything."""
    def part(key):
        return quote(_utf8(config.get(key) or ''), safe='')
    host = str(config['rabbit_address'])
    if ':' in host and not host.startswith('['):
        host = '[%s]' % host
    url = '%s://%s:%s@%s:%s' % ('amqps' if config.get('rabbit_ssl') else 'amqp', part('rabbit_user'),
                                part('rabbit_pw'), host, config['rabbit_port'])
    return url + '/' + part('rabbit_vhost') if config.get('rabbit_vhost') else url


def exchange(config):
    """The original stored rabbit_exchange and read rabbit_exch."""
    return config.get('rabbit_exchange') or config.get('rabbit_exch') or ''


def payload(config):
    """Form fields for the sandbox, texts all of them."""
    chosen = ((key, config.get(key)) for key in OPTIONS)
    return dict((key, _text(value)) for key, value in chosen if value not in (None, ''))


def feed_message(config, task, sample, content, reference=None):
    """The message on worker/feed_cuckoo.

    task: .task_id, .username; sample: a dict with name, md5, object_type, object_id, source; content: bytes, which
    travel in the message unless there is a reference to them.
    """
    body = {
        'payload': payload(config),
        'file': {
            'name': _text(sample['name'] or sample['md5']),
            'data': u'' if reference else base64.b64encode(content).decode('ascii'),
        },
        'crits_data': {
            'crits_url': _text(config.get('crits_url') or '').rstrip('/'),
            'analysis_id': _text(task.task_id),
            'object_type': _text(sample['object_type']),
            'object_id': _text(sample['object_id']),
            'username': _text(task.username),
            'api_key': _text(config['crits_api_key']),
            'md5': _text(sample['md5']),
            'source': _text(sample['source']),
        },
    }
    if reference:
        body['sample'] = _text(reference)
    return body


def without_secrets(text, config):
    """A sentence that somebody else made, fit to be shown: libraries put the URL with its password into theirs."""
    text = _text(text)
    for key in SECRETS:
        secret = config.get(key)
        if secret:
            for shape in (_text(secret), _text(quote(_utf8(secret), safe=''))):
                text = text.replace(shape, u'[secret]')
    return text


def _utf8(value):
    return value.encode('utf-8') if not isinstance(value, (bytes, int)) else str(value)


def _text(value):
    if isinstance(value, bytes):
        return value.decode('utf-8', 'replace')
    return u'%s' % (value,)
