package io.portcurfew.observe.linux.reach;

import io.portcurfew.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the output of {@code nft -j list ruleset} (libnftables-json(5)); pure. */
final class NftRuleset {

  private final Map<String, List<Ruleset.RuleStep>> chains = new LinkedHashMap<>();
  private final List<String> entries = new ArrayList<>();
  private final Map<String, List<?>> maps = new LinkedHashMap<>();
  private boolean hasIptables;

  private NftRuleset() {}

  /**
   * A ruleset.
   *
   * @param hasIptables true if it has rules that only iptables can show
   */
  record ParsedRuleset(Ruleset ruleset, boolean hasIptables) {}

  /**
   * Reads a ruleset.
   *
   * @throws IllegalArgumentException if the text is no JSON object
   */
  static ParsedRuleset read(String json) {
    NftRuleset reader = new NftRuleset();
    // A reader of JSON leaves out what is null, and so would lose a redirect to the same port.
    JsonTree tree = JsonTree.of(json.replace("\"redirect\": null", "\"redirect\": {}"));
    List<?> items = NftExpression.list(tree.map().get("nftables"));
    items.forEach(item -> reader.maps(NftExpression.object(item, "map")));
    items.forEach(item -> reader.chain(NftExpression.object(item, "chain")));
    items.forEach(item -> reader.rule(NftExpression.object(item, "rule")));
    Ruleset ruleset = new Ruleset("nft", reader.chains, reader.entries);
    return new ParsedRuleset(ruleset, reader.hasIptables);
  }

  private static String place(Map<?, ?> item) {
    return item.get("family") + " " + item.get("table") + " ";
  }

  private void maps(@Nullable Map<?, ?> map) {
    if (map != null) {
      maps.put(place(map) + "@" + map.get("name"), NftExpression.list(map.get("elem")));
    }
  }

  /** A chain of the hook "output" has the traffic of this host alone. */
  private void chain(@Nullable Map<?, ?> chain) {
    if (chain != null && "prerouting".equals(chain.get("hook"))) {
      entries.add(place(chain) + chain.get("name"));
    }
  }

  private void rule(@Nullable Map<?, ?> rule) {
    if (rule == null) {
      return;
    }
    String place = place(rule);
    List<Ruleset.RuleStep> steps =
        chains.computeIfAbsent(place + rule.get("chain"), name -> new ArrayList<>());
    Ruleset.TableFamily family = NftExpression.family(rule.get("family"));
    RuleMatch match = RuleMatch.ANYTHING;
    for (Object expression : NftExpression.list(rule.get("expr"))) {
      hasIptables |= NftExpression.key(expression).equals("xt");
      RuleMatch here = match;
      match = NftExpression.match(match, NftExpression.object(expression, "match"));
      Ruleset.TableFamily own = family(expression, family);
      elements(expression, place).forEach(one -> steps.add(one.within(here, own)));
      jumps(expression, place, family, here, steps);
    }
  }

  /** A rule of the family inet states the family of its target. */
  private static Ruleset.TableFamily family(Object expression, Ruleset.TableFamily ofTable) {
    Object action = NftExpression.inside(expression, NftExpression.key(expression));
    return ofTable == Ruleset.TableFamily.BOTH
        ? NftExpression.family(NftExpression.inside(action, "family"))
        : ofTable;
  }

  /** A step of a rule, before the match of the rule is added. */
  private record Element(RuleMatch match, Ruleset.@Nullable RuleTarget target) {
    Ruleset.RuleStep within(RuleMatch rule, Ruleset.TableFamily family) {
      return new Ruleset.RuleStep(match.within(rule), family, null, target);
    }
  }

  private List<Element> elements(Object expression, String place) {
    String kind = NftExpression.key(expression);
    boolean local = kind.equals("redirect") || kind.equals("tproxy");
    if (!local && !kind.equals("dnat")) {
      return List.of();
    }
    Map<?, ?> action = Objects.requireNonNullElse(NftExpression.object(expression, kind), Map.of());
    Map<?, ?> map = NftExpression.object(action.get("addr"), "map");
    if (map == null) {
      map = NftExpression.object(action.get("port"), "map");
    }
    if (map == null) {
      return List.of(new Element(RuleMatch.ANYTHING, target(action, local)));
    }
    List<Element> all = new ArrayList<>();
    for (Object element : mapElements(map.get("data"), place)) {
      List<?> pair = NftExpression.list(element);
      if (pair.size() == 2) {
        RuleMatch key = NftExpression.equal(RuleMatch.ANYTHING, map.get("key"), pair.get(0));
        all.add(new Element(key, NftExpression.mapped(pair.get(1), local)));
      }
    }
    return all;
  }

  private static Ruleset.RuleTarget target(Map<?, ?> action, boolean local) {
    Integer port = NftExpression.number(action.get("port"));
    String address = action.get("addr") instanceof String text ? text : null;
    return new Ruleset.RuleTarget(local, local ? null : address, port);
  }

  private List<?> mapElements(@Nullable Object data, String place) {
    return data instanceof String name
        ? maps.getOrDefault(place + name, List.of())
        : NftExpression.list(NftExpression.inside(data, "set"));
  }

  private void jumps(
      Object expression,
      String place,
      Ruleset.TableFamily family,
      RuleMatch match,
      List<Ruleset.RuleStep> steps) {
    String chain = NftExpression.jump(expression);
    if (chain != null) {
      steps.add(new Ruleset.RuleStep(match, family, place + chain, null));
    }
    Map<?, ?> verdicts = NftExpression.object(expression, "vmap");
    for (Object element : verdicts == null ? List.of() : mapElements(verdicts.get("data"), place)) {
      List<?> pair = NftExpression.list(element);
      String target = pair.size() == 2 ? NftExpression.jump(pair.get(1)) : null;
      if (target != null && verdicts != null) {
        RuleMatch key = NftExpression.equal(RuleMatch.ANYTHING, verdicts.get("key"), pair.get(0));
        steps.add(new Ruleset.RuleStep(key.within(match), family, place + target, null));
      }
    }
  }
}
