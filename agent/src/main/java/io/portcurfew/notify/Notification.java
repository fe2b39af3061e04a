package io.portcurfew.notify;

import io.portcurfew.alert.Alert;

/**
 * What is to be told to every receiver.
 *
 * @param id stable over retries, so that a receiver can tell a repeat
 * @param host the name of the host that the alert is about
 */
public record Notification(String id, Reason reason, Alert alert, String host) {}
