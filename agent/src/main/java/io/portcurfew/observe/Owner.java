package io.portcurfew.observe;

import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that holds a socket, or the kernel itself. Unknown facts are {@code null}.
 *
 * @param pid the process id in the namespace of the source; 0 for the kernel
 * @param name the name that the process gave itself: only for display, never for decisions
 * @param executable the path of the file that it runs
 * @param user the name of its user
 * @param uid the numeric id of its user
 * @param details further facts
 * @param kernel the module of the kernel that holds the socket, as in {@code vxlan}; {@code null}
 *     for a process
 */
public record Owner(
    int pid,
    @Nullable HostText name,
    @Nullable HostText executable,
    @Nullable HostText user,
    @Nullable Long uid,
    OwnerDetails details,
    @Nullable String kernel)
    implements Comparable<Owner> {

  /** login.defs(5), SUB_UID_MIN and SUB_UID_COUNT: where subordinate ids begin, and a range. */
  private static final long FIRST_SUBORDINATE = 100_000;

  private static final long RANGE = 65_536;

  private static final Comparator<Owner> ORDER =
      Comparator.comparingInt(Owner::pid)
          .thenComparing(Owner::name, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Owner::executable, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Owner::user, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Owner::uid, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Owner::kernel, Comparator.nullsLast(Comparator.naturalOrder()));

  /**
   * Returns the id by which a bound is shared out to a user. A user who may map subordinate ids
   * (subuid(5)) owns 65,536 of them, so each such range counts as one user.
   */
  public static long accountable(long uid) {
    return uid < FIRST_SUBORDINATE ? uid : uid - (uid - FIRST_SUBORDINATE) % RANGE;
  }

  /**
   * The id of the user by which a bound is shared out; {@code null} if unknown. The creator of the
   * socket comes first, then the real user: a user may hand sockets to programs that run as another
   * (execve(2), setuid). Root counts only where no other user had a part, because a program of root
   * may create a socket for the user who runs it.
   */
  public @Nullable Long accountable() {
    Long creator = details.creatorUid();
    Long real = details.realUid();
    Long first = isOrdinary(creator) ? creator : isOrdinary(real) ? real : uid;
    return first == null ? null : accountable(first);
  }

  private static boolean isOrdinary(@Nullable Long id) {
    return id != null && id != 0;
  }

  /** Creates a process. */
  public Owner(
      int pid,
      @Nullable HostText name,
      @Nullable HostText executable,
      @Nullable HostText user,
      @Nullable Long uid,
      OwnerDetails details) {
    this(pid, name, executable, user, uid, details, null);
  }

  /** Creates an owner without details. */
  public Owner(
      int pid,
      @Nullable HostText name,
      @Nullable HostText executable,
      @Nullable HostText user,
      @Nullable Long uid) {
    this(pid, name, executable, user, uid, OwnerDetails.NONE);
  }

  /** Creates the kernel as the owner of a socket of this module. */
  public static Owner ofKernel(String module) {
    return new Owner(0, null, null, null, null, OwnerDetails.NONE, module);
  }

  /** Creates an owner with a known pid only. */
  public static Owner of(int pid) {
    return new Owner(pid, null, null, null, null);
  }

  /** Returns this owner with another process id. */
  public Owner withPid(int other) {
    return new Owner(other, name, executable, user, uid, details, kernel);
  }

  /** Returns this owner with other details. */
  public Owner with(OwnerDetails others) {
    return new Owner(pid, name, executable, user, uid, others, kernel);
  }

  /** Returns the process that started it, if that is known. */
  public Optional<OwnerDetails.Ancestor> parent() {
    return details.ancestors().stream().findFirst();
  }

  /** Returns this owner without its paths, which are unknown then. */
  public Owner withoutPaths() {
    return new Owner(pid, name, null, user, uid, details.withoutPaths(), kernel);
  }

  /** Returns the number of characters in its paths, which the user of the process chose. */
  public int pathLength() {
    OwnerDetails.Script script = details.script();
    return length(executable)
        + length(details.firstArgument())
        + length(script == null ? null : script.path());
  }

  private static int length(@Nullable HostText text) {
    return text == null ? 0 : text.toString().length();
  }

  /** The same process as the owner of a socket that a user created. */
  public Owner createdBy(long creator) {
    return kernel != null || (uid != null && uid == creator)
        ? this
        : with(details.createdBy(creator));
  }

  /**
   * True if the effective user, the real user and the creator of the socket are the same. Root may
   * have created it for a process that then gave up root.
   */
  public boolean isOfOneUser() {
    Long creator = details.creatorUid();
    boolean fromRoot = creator != null && creator == 0 && uid != null && uid != 0;
    return details.realUid() == null && (creator == null || fromRoot);
  }

  /** Merges the facts about the same process; this one's facts take precedence. */
  public Owner or(Owner other) {
    return new Owner(
        pid,
        name != null ? name : other.name,
        executable != null ? executable : other.executable,
        user != null ? user : other.user,
        uid != null ? uid : other.uid,
        details.or(other.details),
        kernel != null ? kernel : other.kernel);
  }

  /** Its user and the others of process and socket; {@code null} if its user is unknown. */
  public @Nullable HostText users() {
    return user == null ? null : HostText.visible(user + otherUsers());
  }

  /** Describes it in words: {@code pid 4711 (python3) /usr/bin/python3.11 as root}. */
  @Override
  public String toString() {
    if (kernel != null) {
      return "kernel: " + kernel;
    }
    return "pid "
        + pid
        + (name == null ? "" : " (" + name + ")")
        + (executable == null ? "" : " " + executable)
        + (details.script() == null ? "" : " " + details.script().path())
        + (user != null ? " as " + user : uid != null ? " as uid " + uid : "")
        + otherUsers()
        + inContainer()
        + inUnit()
        + details.remark();
  }

  private String inUnit() {
    SocketActivation activation = details.activation();
    if (activation != null) {
      return " for " + activation;
    }
    return details.unit() == null ? "" : " in unit " + details.unit();
  }

  private String inContainer() {
    Container container = details.container();
    boolean shown = container != null && (container.isNamed() || details.unit() == null);
    return shown ? " in container " + container : "";
  }

  /** The other users that had a part in it, in words; empty where there are none. */
  private String otherUsers() {
    if (isOfOneUser()) {
      return "";
    }
    Long real = details.realUid();
    Long creator = details.creatorUid();
    String ofProcess = real == null ? "" : "real uid " + real;
    String ofSocket = creator == null ? "" : "socket of uid " + creator;
    String both = real == null || creator == null ? "" : ", ";
    return " (" + ofProcess + both + ofSocket + ")";
  }

  @Override
  public int compareTo(Owner other) {
    return ORDER.compare(this, other);
  }
}
