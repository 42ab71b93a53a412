"""The forms of the service in CRITs: its configuration, and what one run may choose."""
from django import forms


def _text(label, help_text, required=True, initial=''):
    return forms.CharField(required=required, label=label, widget=forms.TextInput(), initial=initial,
                           help_text=help_text)


class CuckooDistributedConfigForm(forms.Form):
    """The names of the fields are the keys of the stored configuration: they stay as they are."""

    error_css_class = 'error'
    required_css_class = 'required'
    rabbit_address = _text("RabbitMQ host", "Name or address of the RabbitMQ server, for example 10.0.0.1.")
    rabbit_port = _text("RabbitMQ port", "Its port, for example 5672.", initial='5672')
    rabbit_user = _text("RabbitMQ user", "The user to connect as.")
    rabbit_pw = forms.CharField(required=True, label="RabbitMQ password", initial='',
                                widget=forms.PasswordInput(render_value=True),
                                help_text="That user's password.")
    rabbit_key = _text("RabbitMQ routing key", "The queue that feed_cuckoo takes samples from.",
                       initial='worker/feed_cuckoo')
    rabbit_exchange = _text("RabbitMQ exchange", "Leave empty: messages go to the queue directly.", required=False)
    rabbit_vhost = _text("RabbitMQ virtual host", "Leave empty for the default one.", required=False)
    rabbit_ssl = forms.BooleanField(required=False, label="RabbitMQ over TLS", initial=False,
                                    help_text="Connects with amqps and checks the certificate.")
    crits_url = _text("CRITs URL", "Where the results are to be sent, for example https://crits.example. Leave "
                                   "empty to use what brood is configured with.", required=False)
    brood_url = _text("brood URL", "Where brood's API is, for example http://10.0.0.2:8081: samples go there and messages "
                                   "stay small. Leave empty to have samples travel in the messages.", required=False)
    brood_token = forms.CharField(required=False, label="brood token", initial='',
                                  widget=forms.PasswordInput(render_value=True),
                                  help_text="The token of that API, from api.token in brood's state folder.")
    crits_api_key = forms.CharField(required=True, label="CRITs API key", initial='',
                                    widget=forms.PasswordInput(render_value=True),
                                    help_text="The API key of the user who runs the service.")


class CuckooDistributedRunForm(forms.Form):
    """Passed on to the sandbox as they are; what is empty is left to it."""

    error_css_class = 'error'
    required_css_class = 'required'
    package = _text("Package", "How the sample is run: exe, dll, pdf and so on.", required=False)
    timeout = forms.IntegerField(required=False, min_value=0, label="Time-out", help_text="Seconds.")
    priority = forms.IntegerField(required=False, min_value=1, max_value=3, label="Priority",
                                  help_text="From 1, the lowest, to 3.")
    machine = _text("Machine", "The name of one machine.", required=False)
    options = _text("Options", "For the analysis package: name=value, with commas between.", required=False)
