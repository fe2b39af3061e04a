package io.portcurfew.bundle.signature;

/** A signature, a key or a list of signers is refused; the message gives an admin the reason. */
public final class SignatureRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  SignatureRefusal(String message) {
    super(message);
  }

  SignatureRefusal(String message, Throwable cause) {
    super(message, cause);
  }

  /** The reason as text. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
