package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.TrustedAuthorities;
import java.net.URI;
import java.util.List;

/** By what a receiver is told: one form a kind of receiver, with all that its notifier needs. */
public sealed interface ReceiverSettings
    permits WebhookSettings,
        AlertmanagerSettings,
        SyslogSettings,
        EmailSettings,
        SlackSettings,
        PagerdutySettings,
        CommandSettings,
        FileSettings {

  /** The word for its kind, as the config has it. */
  String kind();

  /**
   * The servers that it connects to. Of these only scheme, host and port may be told; a scheme that
   * ends in {@code s} has a certificate that is checked.
   */
  List<URI> servers();

  /** Who vouches for its servers. */
  default TrustedAuthorities authorities() {
    return TrustedAuthorities.OF_THE_HOST;
  }

  /**
   * Whether it follows each alert by itself, so that it is told every change at once: what it makes
   * of many at a time is its own business.
   */
  default boolean followsAlerts() {
    return false;
  }
}
