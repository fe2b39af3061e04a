package io.portcurfew.config.receivers;

import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.ReceiverSettings;

/**
 * A named destination of notifications.
 *
 * @param name unique within the config
 * @param filter selects its notifications
 * @param settings the settings of its kind
 */
public record Receiver(String name, ReceiverFilter filter, ReceiverSettings settings) {}
