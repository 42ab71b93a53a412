"""Hands samples to the sandboxes behind RabbitMQ; results come back through CRITs' API."""
import logging
import ssl

from django.template.loader import render_to_string

from crits.services.core import Service, ServiceConfigError

from . import forms, message, samples

logger = logging.getLogger(__name__)


class CuckooDistributedService(Service):
    """Publishes one message for each run and is done: brood adds the results, the log and the end."""

    name = "Cuckoo_Distributed"
    version = '2.0.0'
    distributed = True
    supported_types = ['Sample']
    template = 'cd_service_template.html'
    description = "Run a sample in Cuckoo, on as many sandboxes as there are."

    @staticmethod
    def get_config(existing_config):
        """What is stored, with defaults for what is new."""
        config = dict((name, field.initial) for name, field in forms.CuckooDistributedConfigForm().fields.items())
        config.update(existing_config or {})
        return config

    @staticmethod
    def get_config_details(config):
        """For the page that shows the configuration: without password and key."""
        details = {}
        for name, field in forms.CuckooDistributedConfigForm().fields.items():
            secret = name in message.SECRETS and config.get(name)
            details[field.label] = '[secret]' if secret else config.get(name, field.initial)
        return details

    @staticmethod
    def parse_config(config):
        problem = message.complaint(config)
        if problem:
            raise ServiceConfigError(problem)

    @classmethod
    def generate_config_form(cls, config):
        html = render_to_string('services_config_form.html',
                                {'name': cls.name, 'form': forms.CuckooDistributedConfigForm(initial=config),
                                 'config_error': None})
        return forms.CuckooDistributedConfigForm, html

    @classmethod
    def generate_runtime_form(cls, analyst, config, crits_type, identifier):
        return render_to_string('services_run_form.html',
                                {'name': cls.name, 'form': forms.CuckooDistributedRunForm(),
                                 'crits_type': crits_type, 'identifier': identifier})

    @staticmethod
    def bind_runtime_form(analyst, config):
        return forms.CuckooDistributedRunForm(config)

    @staticmethod
    def save_runtime_config(config):
        """CRITs keeps the configuration of each run with its results, for everybody to see."""
        for key in message.SECRETS:
            config.pop(key, None)

    @staticmethod
    def valid_for(obj):
        if obj.filedata.grid_id is None:
            raise ServiceConfigError("The sample's content is missing.")

    def run(self, obj, config):
        """Any exception is CRITs' affair: it shows it as the error of this analysis."""
        sample = {'name': obj.filename, 'md5': obj.md5, 'object_type': obj._meta['crits_type'],
                  'object_id': obj.id, 'source': obj.source[0].name if obj.source else ''}
        try:
            content = obj.filedata.read()
            reference = self._hand_over(config, content)
            body = message.feed_message(config, self.current_task, sample, content, reference)
            self._publish(config, body)
        except Exception as problem:
            sentence = "The sample cannot be handed on: %s" % message.without_secrets(problem, config)
            logger.error(sentence)
            self._error(sentence)
            return
        self._info("The sample waits for a sandbox.")

    def _hand_over(self, config, content):
        """The reference under which brood has the sample; None where it is to travel in the message."""
        if not config.get('brood_url'):
            return None
        try:
            return samples.put(config['brood_url'], config.get('brood_token') or '', content)
        except samples.Unreachable as problem:
            sentence = "The sample travels in the message: %s" % message.without_secrets(problem, config)
            logger.warning(sentence)
            self._info(sentence)
            return None

    @staticmethod
    def _publish(config, body):
        from crits.services.connector import Connector
        checked = {'cert_reqs': ssl.CERT_REQUIRED, 'ca_certs': ssl.get_default_verify_paths().cafile}
        connection = Connector(connector="amqp", uri=message.amqp_url(config),
                               ssl=checked if config.get('rabbit_ssl') else False)
        try:
            connection.send_msg(body, message.exchange(config), config['rabbit_key'])
        finally:
            connection.release()
