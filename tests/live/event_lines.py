# SPDX-License-Identifier: GPL-2.0-or-later
"""A running portstat --events --jsonl, for the tests of what it tells."""
import json
import subprocess
import sys
import threading

faults = 0


def fault(text):
    global faults
    faults += 1
    if faults <= 20:
        print("FAIL:", text)


def finish(text):
    print(f"{text}, {faults} faults")
    sys.exit(1 if faults else 0)


class Events:
    """Its lines are collected as they come."""

    def __init__(self, portstat, *options, env=None):
        self.lines = []
        self.has_come = threading.Condition()
        self.process = subprocess.Popen(
            [portstat, "--events", "--jsonl", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
        )
        self.first = self.process.stderr.readline().decode()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            with self.has_come:
                self.lines.append(event)
                self.has_come.notify_all()

    def find(self, condition):
        return [event for event in self.lines if condition(event)]

    def wait(self, what, condition, n=1, seconds=20):
        """Until so many events meet the condition; the last of them."""
        with self.has_come:
            if self.has_come.wait_for(lambda: len(self.find(condition)) >= n, seconds):
                return self.find(condition)[n - 1]
        fault(f"did not come: {what}")
        return None

    def end(self):
        self.process.terminate()
        if self.process.wait(20):
            fault(f"portstat ends with {self.process.returncode}")
        self.reader.join()
        lost = self.find(lambda event: event["event"] == "lost")
        if lost:
            fault(f"lost: {lost}")
