package io.portcurfew.host;

import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.View;

/** Replaces a source that cannot start on this host; its view holds the reason. */
public record BlindSource(View view) implements ListenerSource {

  public BlindSource {
    if (view.complete() || view.gaps().isEmpty()) {
      throw new IllegalArgumentException("the view of a blind source needs a gap");
    }
  }

  @Override
  public String name() {
    return view.source();
  }

  @Override
  public View look() {
    return view;
  }
}
