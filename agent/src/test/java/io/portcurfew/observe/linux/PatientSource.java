package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.owner.SocketOwners;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sources of this host for tests: on a busy machine no look ends before it has found owners. */
public final class PatientSource {

  private static final long MINUTE = 60_000;

  /** For searches that end when all owners are found. */
  public static final SocketOwners.Limits NO_LIMITS =
      new SocketOwners.Limits(Integer.MAX_VALUE, MINUTE, Integer.MAX_VALUE, MINUTE);

  private PatientSource() {}

  /** A look searches to its end. */
  public static LinuxSource ofHost() {
    return LinuxSource.ofHost(NO_LIMITS);
  }

  /**
   * Returns the gaps that may hide listeners in these namespaces. Other programs of the machine may
   * have namespaces that a look has no time for.
   */
  public static List<Gap> hiding(View view, String... namespaces) {
    return view.gaps().stream()
        .filter(Gap::hidesListeners)
        .filter(gap -> gap.place() == null || isOf(gap.place().namespace(), namespaces))
        .toList();
  }

  private static boolean isOf(@Nullable String namespace, String... namespaces) {
    return namespace == null || List.of(namespaces).contains(namespace);
  }

  /** A look does the usual share of a search, in the time that it takes. */
  static LinuxSource withUsualShare() {
    SocketOwners.Limits usual = SocketOwners.Limits.USUAL;
    return LinuxSource.ofHost(
        new SocketOwners.Limits(usual.units(), MINUTE, usual.patient(), MINUTE));
  }
}
