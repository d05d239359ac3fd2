"""The version of the service and of its HTTP interface."""

VERSION = "0.1.0"
