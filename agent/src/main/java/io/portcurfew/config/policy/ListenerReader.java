package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads listeners in their short form: {@code tcp 0.0.0.0:611 by /usr/bin/nc as root}. */
final class ListenerReader {

  private static final String HOST = "test";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{12,64}");

  private ListenerReader() {}

  /** A complete snapshot of a host with exactly the listed listeners; the list may be empty. */
  static Optional<Snapshot> snapshot(Field field, Instant at) {
    return field
        .listOrEmpty("a list of listeners, like [tcp 0.0.0.0:22 by /usr/sbin/sshd as root]")
        .map(ListenerReader::read)
        .map(
            listeners ->
                new Snapshot(
                    HostText.of(HOST),
                    at,
                    true,
                    listeners,
                    List.of(),
                    List.of(),
                    List.of(),
                    PortRange.LINUX_EPHEMERAL));
  }

  /** A repeated endpoint is one listener with several owners. */
  private static List<Listener> read(List<Field> items) {
    Map<Endpoint, Listener> listeners = new TreeMap<>();
    for (int i = 0; i < items.size(); i++) {
      int pid = i + 1;
      Field item = items.get(i);
      ShortForm.read(item)
          .flatMap(form -> listener(item, form, pid))
          .ifPresent(one -> listeners.merge(one.endpoint(), one, Listener::and));
    }
    return new ArrayList<>(listeners.values());
  }

  private static Optional<Listener> listener(Field field, ShortForm form, int pid) {
    String text = form.endpoint() + form.word("in").map(name -> " in " + name).orElse("");
    List<Owner> owners = form.hasOwner() ? List.of(owner(field, form, pid)) : List.of();
    return EndpointReader.read(field, text)
        .map(endpoint -> new Listener(endpoint, null, owners, HOST));
  }

  private static Owner owner(Field field, ShortForm form, int pid) {
    OwnerDetails details =
        OwnerDetails.builder()
            .deleted(form.has("deleted"))
            .elsewhere(false)
            .unit(fact(field, form, "unit"))
            .container(container(field, form))
            .sha256(fact(field, form, "sha256"))
            .packageName(fact(field, form, "package"))
            .build()
            .withScript(script(field, form));
    HostText executable = fact(field, form, "by");
    return new Owner(pid, null, executable, fact(field, form, "as"), null, details);
  }

  private static OwnerDetails.@Nullable Script script(Field field, ShortForm form) {
    HostText path = fact(field, form, "script");
    return path == null ? null : new OwnerDetails.Script(path, true);
  }

  /** The id or the name of a container; a pod is written as {@code NAMESPACE/POD}, or as POD. */
  private static @Nullable Container container(Field field, ShortForm form) {
    HostText name = fact(field, form, "container");
    if (name != null && ID.matcher(name.toString()).matches()) {
      return Container.of(name);
    }
    String pod = form.word("pod").orElse(null);
    int slash = pod == null ? -1 : pod.indexOf('/');
    if (name == null && pod == null) {
      return null;
    }
    HostText id = name == null ? HostText.of(String.valueOf(pod)) : name;
    return new Container(
        id,
        name,
        fact(field, form, "image"),
        fact(field, form, "project"),
        fact(field, form, "service"),
        pod == null ? null : HostText.of(pod.substring(slash + 1)),
        slash < 0 || pod == null ? null : HostText.of(pod.substring(0, slash)));
  }

  private static @Nullable HostText fact(Field field, ShortForm form, String word) {
    return form.word(word)
        .flatMap(text -> OwnerTermReader.fact(ShortForm.key(word), field.withText(text)))
        .map(HostText::of)
        .orElse(null);
  }
}
