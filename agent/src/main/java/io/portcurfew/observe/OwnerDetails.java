package io.portcurfew.observe;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Further facts about a process that holds a socket. Unknown facts are {@code null}.
 *
 * @param startedAt the start time of the process; with the pid, its identity until the next boot
 * @param firstArgument the name under which it was called (argv[0]): only for display, never for
 *     decisions
 * @param deleted true if the file that it runs has no path any more: removed, replaced, or never on
 *     a file system (a memfd)
 * @param elsewhere true if the path of the executable names another file, or none, in the agent's
 *     mount namespace: the process is in a container, or in a mount namespace that forges the path
 * @param unit the systemd unit that it runs in
 * @param container the container that it runs in
 * @param sha256 the digest of the file that it runs, 64 lower-case hexadecimal digits; only if
 *     {@link OwnerFact#SHA256} was requested
 * @param packageName the package that this file belongs to; only if {@link OwnerFact#PACKAGE} was
 *     requested
 * @param standsFor the receiver of the traffic if the process only keeps the socket: the unit that
 *     systemd starts for it, or the address in a container to which docker-proxy forwards it; only
 *     for display, never for decisions
 * @param ancestors its parent, grandparent and so on; the nearest first
 * @param realUid the number of its real user, if that is not the effective one: the user who ran a
 *     setuid program (credentials(7))
 * @param creatorUid the number of the user who created the socket, if that is not the effective
 *     user of the process (idiag_uid, sock_diag(7))
 * @param replaced true if a package upgrade replaced the file that it runs, which only root could
 *     do: the path is proven, and a restart takes the new file
 * @param activation the socket unit for which systemd holds the socket too, or alone
 * @param script the script that it runs, if it is an interpreter
 * @param inFlight true if it does not hold the socket, but may receive it: descriptors wait in the
 *     queue of one of its Unix sockets, and the kernel does not show which (SCM_RIGHTS, unix(7))
 * @param pathsLeftOut true if its paths are unknown because the long ones of its user fill their
 *     share of the memory
 */
public record OwnerDetails(
    @Nullable Instant startedAt,
    @Nullable HostText firstArgument,
    @Nullable Boolean deleted,
    @Nullable Boolean elsewhere,
    @Nullable HostText unit,
    @Nullable Container container,
    @Nullable HostText sha256,
    @Nullable HostText packageName,
    @Nullable HostText standsFor,
    List<Ancestor> ancestors,
    @Nullable Long realUid,
    @Nullable Long creatorUid,
    boolean replaced,
    @Nullable SocketActivation activation,
    @Nullable Script script,
    boolean inFlight,
    boolean pathsLeftOut) {

  /** No further facts. */
  public static final OwnerDetails NONE = builder().build();

  /**
   * A parent, grandparent or further ancestor.
   *
   * @param name the name that it gave itself
   */
  public record Ancestor(int pid, @Nullable HostText name) {

    @Override
    public String toString() {
      return (name == null ? "pid" : name) + "[" + pid + "]";
    }
  }

  /**
   * The script that an interpreter runs, by the arguments of the process. A process can change its
   * own arguments, and another process of the same user can start with any arguments, so a script
   * is never proof against its own user.
   *
   * @param path the path behind all links
   * @param isProven true if it is that file of the host, and only root and the user of the process
   *     can change it
   */
  public record Script(HostText path, boolean isProven) {}

  /** The ancestors in words, the nearest first: {@code bash[711], sshd[640]}. */
  public static String chain(List<Ancestor> ancestors) {
    return ancestors.stream().map(Ancestor::toString).collect(Collectors.joining(", "));
  }

  public OwnerDetails {
    ancestors = List.copyOf(ancestors);
  }

  /** Returns a builder of details of which nothing is known yet. */
  public static OwnerDetailsBuilder builder() {
    return new OwnerDetailsBuilder();
  }

  /** Returns these details with the socket unit for which systemd holds the socket. */
  public OwnerDetails withActivation(SocketActivation socketUnit) {
    return toBuilder().standsFor(socketUnit.service()).activation(socketUnit).build();
  }

  /** Returns these details with a known value of {@link #elsewhere}. */
  public OwnerDetails withElsewhere(boolean known) {
    return toBuilder().elsewhere(known).build();
  }

  /** The same details with the user who made the socket, which is not the effective user. */
  OwnerDetails createdBy(long creator) {
    return toBuilder().creatorUid(creator).build();
  }

  /** Returns these details with the script that the process runs. */
  public OwnerDetails withScript(@Nullable Script running) {
    return running == null ? this : toBuilder().script(running).build();
  }

  /** Returns these details of a process that may receive the socket. */
  public OwnerDetails asReceiver() {
    return toBuilder().inFlight(true).build();
  }

  /** Returns these details without the paths, which the user of the process chose. */
  OwnerDetails withoutPaths() {
    return toBuilder()
        .firstArgument(null)
        .standsFor(null)
        .script(null)
        .elsewhere(null)
        .pathsLeftOut(true)
        .build();
  }

  /** A remark about its hold on the socket, in words; empty if there is none. */
  public String remark() {
    return (replaced ? ", replaced: restart it" : "")
        + (inFlight ? ", in flight: a Unix socket of this process may deliver it" : "")
        + (pathsLeftOut ? ", paths left out: the long ones of its user fill their share" : "");
  }

  private OwnerDetailsBuilder toBuilder() {
    return new OwnerDetailsBuilder(this);
  }

  /** Merges the facts about the same process; this one's facts take precedence. */
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
        ancestors.isEmpty() ? other.ancestors : ancestors,
        realUid != null ? realUid : other.realUid,
        worse(creatorUid, other.creatorUid),
        replaced || other.replaced,
        activation != null ? activation : other.activation,
        script != null ? script : other.script,
        inFlight || other.inFlight,
        pathsLeftOut || other.pathsLeftOut);
  }

  /** Of two sockets of one endpoint the one that another user than root made says more. */
  private static @Nullable Long worse(@Nullable Long one, @Nullable Long other) {
    return one == null || (one == 0 && other != null) ? other : one;
  }
}
