package io.portcurfew.observe;

import org.jspecify.annotations.Nullable;

/**
 * A container, by its id and by the names that its engine keeps. Unknown facts are {@code null}; of
 * a {@linkplain #isNamed named} container a missing fact is known to be missing.
 *
 * @param id as in its control group: 64 hexadecimal digits as a rule
 * @param name its name, as in {@code docker ps}; of a container of a pod the name within the pod
 * @param image the image that it was created from, as its engine has it
 * @param project the project of Docker Compose
 * @param service the service of that project
 * @param pod the pod of Kubernetes
 * @param podNamespace the namespace of that pod
 */
public record Container(
    HostText id,
    @Nullable HostText name,
    @Nullable HostText image,
    @Nullable HostText project,
    @Nullable HostText service,
    @Nullable HostText pod,
    @Nullable HostText podNamespace) {

  /** The start of the name of a network namespace that belongs to a container. */
  public static final String NAMESPACE_PREFIX = "container/";

  /** The start of the name of a network namespace that belongs to a pod. */
  public static final String POD_PREFIX = "pod/";

  /** A container with a known id and nothing else. */
  public static Container of(HostText id) {
    return new Container(id, null, null, null, null, null, null);
  }

  /** A container with a name and nothing else. */
  public static Container named(HostText name) {
    return new Container(name, name, null, null, null, null, null);
  }

  /** True if the files of its engine were read. */
  public boolean isNamed() {
    return name != null || pod != null;
  }

  /** The shortest text that identifies it: its pod and its name, or its id. */
  public HostText label() {
    if (pod == null) {
      return name == null ? id : name;
    }
    return HostText.visible(podLabel() + (name == null ? "" : "/" + name));
  }

  private String podLabel() {
    return (podNamespace == null ? "" : podNamespace + "/") + pod;
  }

  /** The name of its network namespace, which the containers of a pod share. */
  public String namespaceName() {
    return pod == null ? NAMESPACE_PREFIX + label() : POD_PREFIX + podLabel();
  }

  /** Describes it in words: {@code web-1 (image nginx:1.27, project shop, service web)}. */
  @Override
  public String toString() {
    return label() + facts();
  }

  /** Its image, project and service in parentheses after a space; empty if none is known. */
  public String facts() {
    String facts =
        fact(", image ", image) + fact(", project ", project) + fact(", service ", service);
    return facts.isEmpty() ? "" : " (" + facts.substring(2) + ")";
  }

  private static String fact(String before, @Nullable HostText value) {
    return value == null ? "" : before + value;
  }
}
