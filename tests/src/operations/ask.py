"""Asks an engine through docker-py: reads `[method, args, kwargs]` a line, writes what came back as one line of JSON.

    python ask.py URL VERSION

The methods are those of docker-py's APIClient, which gives the engine's documents as they are.
"""

import json
import sys

import docker


def main() -> None:
    client = docker.APIClient(base_url=sys.argv[1], version=sys.argv[2])
    for line in sys.stdin:
        method, args, kwargs = json.loads(line)
        try:
            value = getattr(client, method)(*args, **kwargs)
            if hasattr(value, "__next__"):
                value = list(value)
            answer = {"value": value}
        except Exception as error:  # the test prints it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
