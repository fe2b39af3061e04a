package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.TrustedAuthorities;
import java.net.URI;
import java.util.List;

/** The settings of one kind of receiver. */
public sealed interface ReceiverSettings
    permits WebhookSettings,
        AlertmanagerSettings,
        SyslogSettings,
        EmailSettings,
        SlackSettings,
        PagerdutySettings,
        CommandSettings,
        FileSettings {

  /** The kind, as the key of the config. */
  String kind();

  /**
   * The servers that it connects to. Only scheme, host and port may be printed; a scheme that ends
   * in {@code s} has a certificate that is checked.
   */
  List<URI> servers();

  /** The certificate authorities to trust. */
  default TrustedAuthorities authorities() {
    return TrustedAuthorities.OF_THE_HOST;
  }

  /**
   * True if the receiver tracks each alert itself and groups by itself: then it gets every change
   * at once.
   */
  default boolean followsAlerts() {
    return false;
  }
}
