package io.portcurfew.fetch;

/** A bundle could not be fetched now; the message gives an admin the reason. */
public final class FetchFailure extends Exception {
  private static final long serialVersionUID = 1L;

  FetchFailure(String message) {
    super(message);
  }

  FetchFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** The reason as text. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
