"""A webhook in the booted Debian that keeps what it is sent."""
import json

RECEIVER = r"""
import http.server, json, time
class Take(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        with open('/root/told', 'a') as told:
            told.write(json.dumps([time.time(), body['status'], [a['labels'] for a in body['alerts']]]) + '\n')
        self.send_response(200); self.end_headers()
    def log_message(self, *what): pass
http.server.HTTPServer(('127.0.0.1', 9099), Take).serve_forever()
"""


def sent(machine):
    """All alerts that it was sent: when, in which state, and the labels."""
    try:
        lines = machine.read("/root/told").splitlines()
    except FileNotFoundError:
        return []
    return [(at, state, labels) for at, state, alerts in map(json.loads, lines) for labels in alerts]


def told(machine, status, port):
    return [at for at, state, labels in sent(machine) if state == status and labels.get("port") == str(port)]
