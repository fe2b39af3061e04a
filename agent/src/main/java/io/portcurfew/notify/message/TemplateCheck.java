package io.portcurfew.notify.message;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a template says what can be said, also in the parts that are seldom told. */
public final class TemplateCheck {

  /** Of Mustache, in a list: whether an item is its first or last, and its number from 1. */
  private static final List<String> OF_A_LIST = List.of("-first", "-last", "-index");

  private final String source;
  private @Nullable Fault first;

  private TemplateCheck(String source) {
    this.source = source;
  }

  /**
   * What is wrong with a template.
   *
   * @param found may hold anything
   */
  public record Fault(String what, String found, String expected) {}

  static Optional<Fault> of(String source, Template template) {
    TemplateCheck check = new TemplateCheck(source);
    template.visit(check.new Parts());
    return Optional.ofNullable(check.first);
  }

  /** What the library could not read. */
  static Fault unreadable(RuntimeException failure) {
    String found =
        failure instanceof MustacheException
            ? String.valueOf(failure.getMessage())
            : "an empty tag";
    return new Fault(
        "this is no template of Mustache", found, "text with {{name}}, {{#name}}...{{/name}}");
  }

  /** Only the first fault is told: others may follow from it. */
  private void tell(int at, String what, String found, String expected) {
    if (first == null) {
      first = new Fault(line(at) + what, found, expected);
    }
  }

  /** In which line this place is, where there is more than one. */
  private String line(int at) {
    boolean one = source.strip().indexOf('\n') < 0;
    return one || at < 0
        ? ""
        : "line " + source.substring(0, at).split("\n", -1).length + " of the template: ";
  }

  /** Where a tag of this name begins; below 0 where that is not clear. */
  private int tag(String name) {
    Matcher tag =
        Pattern.compile("\\{\\{\\W*" + Pattern.quote(name) + "(?![\\w.-])").matcher(source);
    return tag.find() ? tag.start() : -1;
  }

  private void name(String name) {
    if (!TemplateFacts.NAMES.contains(name) && !OF_A_LIST.contains(name)) {
      tell(
          tag(name),
          "this name is not known",
          name,
          "one of " + String.join(", ", TemplateFacts.NAMES));
    }
  }

  private boolean other(String sign, String name) {
    String found = "{{" + sign + name + "}}";
    tell(tag(name), "a template is whole in itself", found, "the text itself");
    return false;
  }

  /** What a template is made of. */
  private final class Parts implements Mustache.Visitor {

    @Override
    public void visitText(String text) {
      if (text.contains("{{")) {
        tell(source.lastIndexOf("{{"), "a tag does not end", "{{", "{{name}}");
      } else if (text.contains("}}")) {
        tell(-1, "a tag does not begin", "}}", "{{name}}");
      }
    }

    @Override
    public void visitVariable(String name) {
      if (name.equals(TemplateFacts.ALERTS)) {
        tell(tag(name), "this is a list", "{{" + name + "}}", "{{#alerts}}...{{/alerts}}");
      }
      name(name);
    }

    @Override
    public boolean visitSection(String name) {
      name(name);
      return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      name(name);
      return true;
    }

    @Override
    public boolean visitInclude(String name) {
      return other(">", name);
    }

    @Override
    public boolean visitParent(String name) {
      return other("<", name);
    }

    @Override
    public boolean visitBlock(String name) {
      return other("$", name);
    }
  }
}
