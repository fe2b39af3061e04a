package io.portcurfew.notify.message;

import java.io.Writer;

/** Writes into a text up to a maximum length; drops the rest. */
final class BoundedWriter extends Writer {

  private final StringBuilder text;
  private final int most;

  BoundedWriter(StringBuilder text, int most) {
    this.text = text;
    this.most = most;
  }

  @Override
  public void write(char[] from, int offset, int length) {
    text.append(from, offset, Math.min(length, most - text.length()));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
