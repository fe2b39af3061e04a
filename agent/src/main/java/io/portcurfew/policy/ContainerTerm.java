package io.portcurfew.policy;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container that a rule accepts; a key that is left out is not tested. All but the id are
 * patterns.
 *
 * @param id the id, or the first 12 digits or more of one that has 64
 * @param name the name
 * @param image the image as its engine has it
 * @param project the project of Docker Compose
 * @param service the service of that project
 * @param pod the pod of Kubernetes
 * @param namespace the namespace of that pod
 */
public record ContainerTerm(
    @Nullable String id,
    @Nullable PathPattern name,
    @Nullable PathPattern image,
    @Nullable PathPattern project,
    @Nullable PathPattern service,
    @Nullable PathPattern pod,
    @Nullable PathPattern namespace) {

  private static final Pattern SHORT_ID = Pattern.compile("[0-9a-f]{12,63}");
  private static final Pattern WHOLE_ID = Pattern.compile("[0-9a-f]{64}");

  /** A container by its id. */
  public static ContainerTerm ofId(String id) {
    return new ContainerTerm(id, null, null, null, null, null, null);
  }

  /** A container that has exactly these names. */
  public static ContainerTerm exactly(Container container) {
    return new ContainerTerm(
        null,
        exactly(container.name()),
        exactly(container.image()),
        exactly(container.project()),
        exactly(container.service()),
        exactly(container.pod()),
        exactly(container.podNamespace()));
  }

  private static @Nullable PathPattern exactly(@Nullable HostText text) {
    return text == null ? null : PathPattern.exactly(text.toString());
  }

  /**
   * YES if it is this container. A container without known names may be any; a named one without a
   * fact is known to lack it.
   */
  public Trilean accepts(Container container) {
    Trilean answer = id == null ? Trilean.YES : Trilean.of(isId(id, container.id().toString()));
    if (!patterns().isEmpty() && !container.isNamed()) {
      return answer.and(Trilean.UNKNOWN);
    }
    return answer
        .and(fits(name, container.name()))
        .and(fits(image, container.image()))
        .and(fits(project, container.project()))
        .and(fits(service, container.service()))
        .and(fits(pod, container.pod()))
        .and(fits(namespace, container.podNamespace()));
  }

  private static boolean isId(String wanted, String found) {
    return SHORT_ID.matcher(wanted).matches()
        ? WHOLE_ID.matcher(found).matches() && found.startsWith(wanted)
        : found.equals(wanted);
  }

  private static Trilean fits(@Nullable PathPattern wanted, @Nullable HostText found) {
    return Trilean.of(wanted == null || (found != null && wanted.fits(found.toString())));
  }

  /** The patterns by their key in a policy, in its order. */
  public Map<String, PathPattern> patterns() {
    Map<String, PathPattern> patterns = new LinkedHashMap<>();
    put(patterns, "name", name);
    put(patterns, "image", image);
    put(patterns, "project", project);
    put(patterns, "service", service);
    put(patterns, "pod", pod);
    put(patterns, "namespace", namespace);
    return patterns;
  }

  private static void put(
      Map<String, PathPattern> patterns, String key, @Nullable PathPattern pattern) {
    if (pattern != null) {
      patterns.put(key, pattern);
    }
  }

  /** For people: {@code web-1}, or {@code name web-*, project shop}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (id != null) {
      parts.add(id);
    }
    patterns().forEach((key, pattern) -> parts.add(key + " " + pattern));
    return String.join(", ", parts);
  }
}
