package io.portcurfew.policy;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.OwnerFact;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An owner that a rule accepts; a key that is left out is not tested. There is no key for the
 * process name, which any process can forge.
 *
 * @param executable the whole path of the file that it runs, as {@link HostText} shows it, or a
 *     pattern of such paths
 * @param user the name of its user
 * @param unit the systemd unit that it runs in, as {@link OwnerDetails#unit} has it
 * @param container the container that it runs in
 * @param sha256 of the file that it runs: 64 small hexadecimal digits
 * @param packageName the package that the file belongs to
 * @param kernel the module of the kernel that holds the socket
 * @param script the whole path of the script that it runs, or a pattern of such paths
 */
public record OwnerTerm(
    @Nullable PathPattern executable,
    @Nullable String user,
    @Nullable String unit,
    @Nullable ContainerTerm container,
    @Nullable String sha256,
    @Nullable String packageName,
    @Nullable String kernel,
    @Nullable PathPattern script) {

  /** A process by facts about it, or the kernel; without a script. */
  public OwnerTerm(
      @Nullable PathPattern executable,
      @Nullable String user,
      @Nullable String unit,
      @Nullable ContainerTerm container,
      @Nullable String sha256,
      @Nullable String packageName,
      @Nullable String kernel) {
    this(executable, user, unit, container, sha256, packageName, kernel, null);
  }

  /** A process by facts about it. */
  public OwnerTerm(
      @Nullable PathPattern executable,
      @Nullable String user,
      @Nullable String unit,
      @Nullable ContainerTerm container,
      @Nullable String sha256,
      @Nullable String packageName) {
    this(executable, user, unit, container, sha256, packageName, null);
  }

  /** The same term with the paths behind links. */
  OwnerTerm following(ExecutableLinks links) {
    return new OwnerTerm(
        following(executable, links),
        user,
        unit,
        container,
        sha256,
        packageName,
        kernel,
        following(script, links));
  }

  private static @Nullable PathPattern following(
      @Nullable PathPattern path, ExecutableLinks links) {
    String target = path == null ? null : links.targets().get(path.text());
    return path == null || target == null ? path : new PathPattern(path.text(), target);
  }

  /** The paths that it names; patterns are left out. */
  Stream<String> paths() {
    return Stream.of(executable, script)
        .flatMap(Stream::ofNullable)
        .filter(path -> !path.isWild())
        .map(PathPattern::text);
  }

  /** The same term with a script. */
  public OwnerTerm running(PathPattern wanted) {
    return new OwnerTerm(executable, user, unit, container, sha256, packageName, kernel, wanted);
  }

  /** The kernel by the module that holds the socket. */
  public static OwnerTerm ofKernel(String module) {
    return new OwnerTerm(null, null, null, null, null, null, module);
  }

  /** An owner by its file, its user, or both. */
  public OwnerTerm(@Nullable String executable, @Nullable String user) {
    this(executable == null ? null : new PathPattern(executable), user, null, null, null, null);
  }

  /**
   * One key of the term.
   *
   * @param found the value of the owner; {@code null} if it is unknown
   */
  public record TermPart(
      String key,
      String wanted,
      Function<Owner, @Nullable HostText> found,
      Function<Owner, Trilean> holds) {}

  /** The keys that it tests; together they are {@link #accepts}. */
  public List<TermPart> parts() {
    List<TermPart> parts = new ArrayList<>();
    add(parts, "executable", executable, Owner::executable, OwnerProof::executable);
    add(parts, "script", script, OwnerProof::scriptText, OwnerProof::script);
    add(parts, "user", user, Owner::users, OwnerProof::user);
    add(parts, "unit", unit, OwnerProof::unitText, OwnerProof::unit);
    add(parts, "container", container, OwnerProof::containerText, OwnerProof::container);
    add(parts, "sha256", sha256, owner -> owner.details().sha256());
    add(parts, "package", packageName, owner -> owner.details().packageName());
    add(parts, "kernel", kernel, OwnerProof::kernelText, OwnerProof::kernel);
    return parts;
  }

  private static void add(
      List<TermPart> parts,
      String key,
      @Nullable String wanted,
      Function<Owner, @Nullable HostText> found) {
    add(parts, key, wanted, found, (text, owner) -> OwnerProof.same(text, found.apply(owner)));
  }

  private static <T> void add(
      List<TermPart> parts,
      String key,
      @Nullable T wanted,
      Function<Owner, @Nullable HostText> found,
      BiFunction<T, Owner, Trilean> holds) {
    if (wanted != null) {
      parts.add(new TermPart(key, wanted.toString(), found, owner -> holds.apply(wanted, owner)));
    }
  }

  /**
   * YES if this process is the owner that the term describes. A process that may receive the socket
   * is not known to be an owner.
   */
  public Trilean accepts(Owner owner) {
    OwnerDetails details = owner.details();
    if (kernel != null || owner.kernel() != null) {
      return OwnerProof.kernel(kernel, owner);
    }
    if (details.inFlight()) {
      return Trilean.UNKNOWN;
    }
    return OwnerProof.executable(executable, owner)
        .and(OwnerProof.script(script, owner))
        .and(OwnerProof.user(user, owner))
        .and(OwnerProof.unit(unit, owner))
        .and(OwnerProof.container(container, owner))
        .and(OwnerProof.same(sha256, details.sha256()))
        .and(OwnerProof.same(packageName, details.packageName()));
  }

  /**
   * YES if it accepts whatever runs in a container to which traffic is forwarded. A term that
   * states more than the container cannot be tested there.
   */
  public Trilean acceptsReceiverIn(Container receiver) {
    if (container == null) {
      return Trilean.NO;
    }
    boolean more =
        Stream.of(executable, script, user, unit, sha256, packageName).anyMatch(Objects::nonNull);
    Trilean answer = container.accepts(receiver);
    return more ? answer.and(Trilean.UNKNOWN) : answer;
  }

  /** The facts about an owner that this term needs and that are not always known. */
  Set<OwnerFact> asksFor() {
    Set<OwnerFact> asked = EnumSet.noneOf(OwnerFact.class);
    if (sha256 != null) {
      asked.add(OwnerFact.SHA256);
    }
    if (packageName != null) {
      asked.add(OwnerFact.PACKAGE);
    }
    return asked;
  }

  /**
   * True if every user of the host can satisfy it: each may run the file and choose its libraries
   * (LD_PRELOAD, ld.so(8)). macOS takes no libraries of users for files below /System (dyld(1),
   * System Integrity Protection).
   */
  public boolean isOpenToEveryUser() {
    boolean guarded = executable != null && executable.text().startsWith("/System/");
    boolean aboutTheFile =
        Stream.of(executable, script, sha256, packageName).anyMatch(Objects::nonNull);
    return aboutTheFile && !guarded && user == null && unit == null && container == null;
  }

  /** For people: {@code /usr/sbin/sshd as root}. */
  @Override
  public String toString() {
    if (kernel != null) {
      return "the kernel: " + kernel;
    }
    return (executable == null ? "any executable" : executable)
        + words(" running ", script == null ? null : script.toString())
        + words(" as ", user)
        + words(" in unit ", unit)
        + words(" in container ", container == null ? null : container.toString())
        + words(" with SHA-256 ", sha256)
        + words(" of package ", packageName);
  }

  private static String words(String before, @Nullable String value) {
    return value == null ? "" : before + value;
  }
}
