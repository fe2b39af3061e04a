package io.portcurfew.observe;

/** Stands where a source of this host should be that cannot even begin to look: it says why. */
public record BlindSource(View view) implements ListenerSource {

  public BlindSource {
    if (view.complete() || view.gaps().isEmpty()) {
      throw new IllegalArgumentException("a source that cannot look says why");
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
