package io.portcurfew.cli.text;

import io.portcurfew.explain.Explanation;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Redirect;
import io.portcurfew.output.VerdictJson;
import org.jspecify.annotations.Nullable;

/** The section of {@link ExplanationText} about the current listeners of the port. */
record ListeningNowText(TextPage page, Explanation.Now now) {

  void write() {
    page.prose(2, "On " + now.host() + " at " + VerdictJson.time(now.takenAt()) + ":");
    page.few(now.listeners(), this::listener);
    if (now.listeners().isEmpty()) {
      page.prose(2, now.complete() ? "Nothing listens on it." : "No listener was seen on it.");
    }
    if (!now.complete()) {
      page.prose(2, "The scan was incomplete, so there may be listeners that it did not see.");
    }
    page.few(now.gaps(), this::gap);
  }

  private void listener(Explanation.PortListener seen) {
    Listener listener = seen.listener();
    page.text(2, listener.endpoint() + dualStack(listener));
    if (seen.looksLikeClient()) {
      page.prose(
          6,
          "This looks like a UDP client: an unconnected socket on every address and on a client"
              + " port of this host ("
              + now.ephemeral()
              + "). It is judged only if a rule selects the port.");
    }
    page.few(listener.owners(), this::owner);
    Redirect via = listener.via();
    if (via != null) {
      page.field(6, "via", via + (via.container() == null ? "" : via.container().facts()));
    } else if (listener.owners().isEmpty()) {
      page.field(6, "owner", "not seen");
    }
    page.field(6, "seen by", ExplanationText.join(listener.seenBy(), ", "));
  }

  private static String dualStack(Listener listener) {
    Address address = listener.endpoint().address();
    if (!address.isIpv6() || !address.isWildcard()) {
      return "";
    }
    Boolean dualStack = listener.dualStack();
    if (dualStack == null) {
      return " (no source shows if IPv4 too)";
    }
    return dualStack ? " (IPv4 too)" : " (IPv6 only)";
  }

  private void owner(Owner owner) {
    if (owner.kernel() != null) {
      page.field(6, "kernel", owner.kernel());
      return;
    }
    page.field(6, "pid", Integer.toString(owner.pid()));
    unlessUnknown("executable", owner.executable());
    unlessUnknown("user", owner.user() != null ? owner.user() : owner.uid());
    unlessUnknown("name", owner.name());
    OwnerDetails details = owner.details();
    OwnerDetails.Script script = details.script();
    if (script != null) {
      page.field(6, "script", script.path() + (script.isProven() ? "" : " (others can change it)"));
    }
    unlessUnknown("unit", details.activation() == null ? details.unit() : details.activation());
    unlessUnknown("container", details.container());
    unlessUnknown("package", details.packageName());
    unlessUnknown("sha256", details.sha256());
    if (!details.ancestors().isEmpty()) {
      page.field(6, "started by", OwnerDetails.chain(details.ancestors()));
    }
    if (details.replaced()) {
      page.field(6, "replaced", "a package upgrade replaced its file: restart it");
    }
    if (details.inFlight()) {
      page.field(6, "in flight", "a Unix socket of this process may deliver it");
    }
  }

  private void unlessUnknown(String label, @Nullable Object value) {
    if (value != null) {
      page.field(6, label, value.toString());
    }
  }

  private void gap(Gap gap) {
    page.field(2, "gap", gap.source() + ", " + gap.what().label() + ": " + gap.why());
  }
}
