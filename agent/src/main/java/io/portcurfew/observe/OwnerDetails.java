package io.portcurfew.observe;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What more a source may know of a process that holds a socket. What it does not tell is {@code
 * null}.
 *
 * @param startedAt when the process was started; with the pid, its identity until the next boot
 * @param firstArgument the name under which it was called (argv[0]): to be shown, never to be
 *     judged by
 * @param deleted whether the file that it runs has no name on any file system any more: removed,
 *     replaced, or never there (a memfd)
 * @param elsewhere whether the path of the executable names another file, or none, where the agent
 *     looks from: the process is in a container, or in a mount namespace that forges the path
 * @param unit the systemd unit that it runs in
 * @param container the id of the container that it runs in: 64 hexadecimal digits as a rule
 * @param sha256 of the file that it runs, 64 small hexadecimal digits; told only where {@link
 *     OwnerFact#SHA256} is asked for
 * @param packageName the package that this file belongs to; told only where {@link
 *     OwnerFact#PACKAGE} is asked for
 * @param standsFor who the traffic of this socket is for, where the process only keeps the socket:
 *     the unit that systemd starts for it, or the address in a container to which docker-proxy
 *     passes it; a hint to be shown, never to be judged by
 * @param ancestors its parent, the parent of that, and so on; the nearest first
 */
public record OwnerDetails(
    @Nullable Instant startedAt,
    @Nullable HostText firstArgument,
    @Nullable Boolean deleted,
    @Nullable Boolean elsewhere,
    @Nullable HostText unit,
    @Nullable HostText container,
    @Nullable HostText sha256,
    @Nullable HostText packageName,
    @Nullable HostText standsFor,
    List<Ancestor> ancestors) {

  /** Nothing more is known. */
  public static final OwnerDetails NONE =
      new OwnerDetails(null, null, null, null, null, null, null, null, null, List.of());

  /**
   * A process further up.
   *
   * @param name the name that it gave itself
   */
  public record Ancestor(int pid, @Nullable HostText name) {}

  public OwnerDetails {
    ancestors = List.copyOf(ancestors);
  }

  /** The same details with who the socket is for. */
  public OwnerDetails standingFor(HostText whom) {
    return new OwnerDetails(
        startedAt,
        firstArgument,
        deleted,
        elsewhere,
        unit,
        container,
        sha256,
        packageName,
        whom,
        ancestors);
  }

  /** The same details with whether the path of the executable names another file. */
  public OwnerDetails isElsewhere(boolean known) {
    return new OwnerDetails(
        startedAt,
        firstArgument,
        deleted,
        known,
        unit,
        container,
        sha256,
        packageName,
        standsFor,
        ancestors);
  }

  /** What both know of the same process; where both tell, this one's word stands. */
  public OwnerDetails or(OwnerDetails other) {
    return new OwnerDetails(
        startedAt != null ? startedAt : other.startedAt,
        firstArgument != null ? firstArgument : other.firstArgument,
        deleted != null ? deleted : other.deleted,
        elsewhere != null ? elsewhere : other.elsewhere,
        unit != null ? unit : other.unit,
        container != null ? container : other.container,
        sha256 != null ? sha256 : other.sha256,
        packageName != null ? packageName : other.packageName,
        standsFor != null ? standsFor : other.standsFor,
        ancestors.isEmpty() ? other.ancestors : ancestors);
  }
}
