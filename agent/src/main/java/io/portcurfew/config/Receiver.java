package io.portcurfew.config;

import io.portcurfew.notify.WebhookSettings;

/**
 * A named destination of notifications.
 *
 * @param name unique within the config
 */
public record Receiver(String name, WebhookSettings webhook) {}
