package io.portcurfew.bundle;

import io.portcurfew.observe.HostText;

/** A bundle is refused; the message gives an admin the reason. */
public final class BundleRefusal extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 80;

  /** Refuses a bundle for this reason. */
  public BundleRefusal(String message) {
    super(message);
  }

  /** Refuses a bundle for this reason. */
  public BundleRefusal(String message, Throwable cause) {
    super(message, cause);
  }

  /** The reason as text. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Text of a bundle, short and escaped. */
  static String shown(String raw) {
    return HostText.of(raw, MOST_SHOWN).toString();
  }
}
