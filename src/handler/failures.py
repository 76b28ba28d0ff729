class Failures:
    def __init__(self, make_client, url):
        self._make_client, self._url = make_client, url

    def send(self, body):
        import json

        self._make_client().send_message(QueueUrl=self._url, MessageBody=json.dumps(body))
        return True
