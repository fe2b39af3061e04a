package io.portcurfew.json;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.SocketActivation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An owner as JSON. What is unknown is absent. */
public final class OwnerJson {

  private OwnerJson() {}

  /** For output. */
  public static Map<String, Object> tree(Owner owner) {
    OwnerDetails details = owner.details();
    Instant startedAt = details.startedAt();
    SocketActivation activation = details.activation();
    Map<String, Object> tree = new LinkedHashMap<>();
    putKnown(tree, "pid", owner.kernel() == null ? owner.pid() : null);
    putKnown(tree, "kernel", owner.kernel());
    putKnown(tree, "name", owner.name());
    putKnown(tree, "executable", owner.executable());
    OwnerDetails.Script script = details.script();
    putKnown(tree, "script", script == null ? null : script.path());
    putKnown(tree, "script_proven", script == null ? null : script.isProven());
    putKnown(tree, "user", owner.user());
    putKnown(tree, "uid", owner.uid());
    putKnown(tree, "real_uid", details.realUid());
    putKnown(tree, "creator_uid", details.creatorUid());
    putKnown(tree, "started_at", startedAt == null ? null : Json.time(startedAt));
    owner.parent().ifPresent(parent -> tree.put("parent", ancestor(parent)));
    putKnown(tree, "unit", details.unit());
    ContainerJson.put(tree, details.container());
    putKnown(tree, "sha256", details.sha256());
    putKnown(tree, "package", details.packageName());
    putKnown(tree, "stands_for", details.standsFor());
    putKnown(tree, "socket_unit", activation == null ? null : activation.socket());
    putKnown(tree, "socket_service", activation == null ? null : activation.service());
    putKnown(tree, "deleted", details.deleted());
    putKnown(tree, "elsewhere", details.elsewhere());
    putKnown(tree, "replaced", details.replaced() ? Boolean.TRUE : null);
    putKnown(tree, "in_flight", details.inFlight() ? Boolean.TRUE : null);
    return tree;
  }

  /** For the database: nothing is lost. */
  public static Map<String, Object> complete(Owner owner) {
    OwnerDetails details = owner.details();
    Map<String, Object> tree = tree(owner);
    // In full precision, unlike in the output.
    putKnown(tree, "started_at", details.startedAt());
    putKnown(tree, "argument", details.firstArgument());
    if (tree.remove("parent") != null) {
      tree.put("ancestors", details.ancestors().stream().map(OwnerJson::ancestor).toList());
    }
    return tree;
  }

  private static Map<String, Object> ancestor(OwnerDetails.Ancestor ancestor) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("pid", ancestor.pid());
    putKnown(tree, "name", ancestor.name());
    return tree;
  }

  /**
   * Reads the form of the database; 0.1.0 wrote the details into an object of their own, with
   * {@code started} for {@code started_at}.
   */
  public static Owner of(JsonTree tree) {
    String kernel = tree.textOr("kernel");
    if (kernel != null) {
      return Owner.ofKernel(kernel);
    }
    JsonTree details = Objects.requireNonNullElse(tree.treeOr("details"), tree);
    return new Owner(
        Math.toIntExact(tree.number("pid")),
        text(tree, "name"),
        text(tree, "executable"),
        text(tree, "user"),
        tree.numberOr("uid"),
        details(details));
  }

  private static OwnerDetails details(JsonTree tree) {
    String started = tree.textOr("started_at");
    String startedBefore = tree.textOr("started");
    return OwnerDetails.builder()
        .startedAt(instant(started == null ? startedBefore : started))
        .firstArgument(text(tree, "argument"))
        .deleted(tree.flagOr("deleted"))
        .elsewhere(tree.flagOr("elsewhere"))
        .unit(text(tree, "unit"))
        .container(ContainerJson.of(tree))
        .sha256(text(tree, "sha256"))
        .packageName(text(tree, "package"))
        .standsFor(text(tree, "stands_for"))
        .ancestors(ancestors(tree))
        .realUid(tree.numberOr("real_uid"))
        .creatorUid(tree.numberOr("creator_uid"))
        .replaced(Boolean.TRUE.equals(tree.flagOr("replaced")))
        .activation(activation(tree))
        .script(script(tree))
        .inFlight(Boolean.TRUE.equals(tree.flagOr("in_flight")))
        .build();
  }

  private static List<OwnerDetails.Ancestor> ancestors(JsonTree tree) {
    return tree.trees("ancestors").stream()
        .map(it -> new OwnerDetails.Ancestor(Math.toIntExact(it.number("pid")), text(it, "name")))
        .toList();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private static @Nullable SocketActivation activation(JsonTree tree) {
    HostText socket = text(tree, "socket_unit");
    HostText service = text(tree, "socket_service");
    return socket == null || service == null ? null : new SocketActivation(socket, service);
  }

  private static OwnerDetails.@Nullable Script script(JsonTree tree) {
    HostText path = text(tree, "script");
    return path == null
        ? null
        : new OwnerDetails.Script(path, Boolean.TRUE.equals(tree.flagOr("script_proven")));
  }

  private static @Nullable HostText text(JsonTree tree, String name) {
    String visible = tree.textOr(name);
    return visible == null ? null : HostText.visible(visible);
  }
}
