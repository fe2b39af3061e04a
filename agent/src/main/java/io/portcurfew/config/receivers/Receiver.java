package io.portcurfew.config.receivers;

import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.ReceiverSettings;

/**
 * A named destination of notifications.
 *
 * @param name unique within the config
 * @param wants what it is told
 * @param means by what it is told
 */
public record Receiver(String name, ReceiverFilter wants, ReceiverSettings means) {}
