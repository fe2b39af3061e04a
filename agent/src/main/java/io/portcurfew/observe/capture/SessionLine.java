package io.portcurfew.observe.capture;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line that a terminal session adds to the output of a tool: a prompt, a message of sudo, ssh,
 * script or a pager. Such a line is neither a row nor a sign that one is missing.
 *
 * @param command the command in it, if it shows one
 */
record SessionLine(@Nullable String command) {

  private static final String TOOLS =
      "(?:ss|netstat|lsof|sockstat|osqueryi|nmap|cat|Get-Net(?:TCPConnection|UDPEndpoint))";

  /** A command that runs another one elsewhere: on a host, in a container or in a namespace. */
  private static final String ELSEWHERE =
      "(?:(?:ssh|docker exec|podman exec|kubectl exec|crictl exec|lxc exec|nsenter|ip netns exec|wsl)"
          + " [^\\p{Cntrl}|;&]{1,120}? [\"']?)?";

  private static final String BEFORE =
      "(?:(?:sudo|doas|time|env|LC_ALL=C|LANG=C|-[nES]) ){0,4}"
          + ELSEWHERE
          + "(?:(?:sudo|doas|-n) ){0,2}(?:/[\\w./-]{1,60}/)?";

  /** A loop over hosts in one line, which prints the name of each. */
  private static final String LOOP =
      "for \\w{1,20} in [^\\p{Cntrl}]{1,200}\\b(?:echo|hostname|printf) [^\\p{Cntrl}]{1,200}; ?done|";

  private static final String COMMAND =
      LOOP + BEFORE + TOOLS + "(?:\\.exe)?(?: [^\\p{Cntrl}]{0,200}+)?";

  /** Without a prompt an option has to follow, because a process may have the name of a tool. */
  private static final String BARE_COMMAND =
      BEFORE + TOOLS + "(?:\\.exe)?(?: [-/|][^\\p{Cntrl}]{0,200}+)?";

  /** Commands that print no more than a line, which is a gap of its own. */
  private static final String HARMLESS =
      "(?:exit|logout|clear|hostname|date|whoami|id|uname|cd|su|sudo|script|ssh)(?:[ ][^\\p{Cntrl}:*]{0,100}+)?";

  /** Prompts of bash, ash, zsh, csh, PowerShell and cmd. */
  private static final String PROMPT =
      "(?:\\([\\w.-]{1,40}\\) )?(?:\\[?[\\w.-]{1,64}@[\\w.-]{1,128}[^\\p{Cntrl}#$%>]{0,100}[#$%>]"
          + "|PS(?: [A-Z]:\\\\[^\\p{Cntrl}>]{0,200})?>|[A-Z]:\\\\[^\\p{Cntrl}>]{0,200}>"
          + "|(?:[\\w.~/:-]{1,80} ?)?[#$%]|[\\x80-\\xff]{2,8} {1,2}(?:[\\w.~/-]{1,60} )?)";

  private static final Pattern SHOWN =
      Pattern.compile(
          "(?:"
              + PROMPT
              + " ?(?:("
              + COMMAND
              + ")|"
              + HARMLESS
              + ")|(?:\\+{1,3} )?("
              + BARE_COMMAND
              + "))\\s*+");

  /** An end of a socket: in such a line a row has lost the line end before it. */
  private static final Pattern ENDPOINT =
      Pattern.compile(
          "(?i)\\b[0-9a-f]{8}:[0-9a-f]{4}\\b"
              + "|[\\s\\d](?:\\*|\\[::]|\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})[.:]\\d");

  /** A word of rows that no message has. */
  private static final Pattern ROW_WORD =
      Pattern.compile("(?i)(?:tcp|udp)(?:4|6|46)?\\s|listen|unconn");

  /** The host in the prompt of bash. */
  private static final Pattern HOST = Pattern.compile("\\[?[\\w.-]{1,64}@([\\w.-]{1,128})");

  private static final Pattern BARE_PROMPT = Pattern.compile(PROMPT + "\\s*+");

  private static final Pattern MESSAGE =
      Pattern.compile(
          "(?:Script (?:started|done)\\b.{0,200}|exit|logout|Last login: .{1,120}"
              + "|sudo: unable to resolve host .{1,200}|stdin: is not a tty"
              + "|Warning: Permanently added .{1,200} to the list of known hosts\\."
              + "|Connection to \\S{1,253} closed\\.(?: by remote host\\.)?"
              + "|Pseudo-terminal will not be allocated because stdin is not a terminal\\."
              + "|mesg: ttyname failed: .{1,80}|.{0,80}warning: setlocale: .{1,120}"
              + "|Microsoft Windows \\[.{1,40}]|\\(c\\) .{0,20}Microsoft Corporation\\. .{1,60}"
              + "|(?:[A-Z][a-z]{2} ){2}[ \\d]\\d \\d\\d:\\d\\d:\\d\\d (?:[AP]M )?[A-Z+\\d:-]{1,6} \\d{4}"
              + "|Windows PowerShell|Copyright \\(C\\) Microsoft Corporation\\. .{1,60}"
              + "|PowerShell \\d[\\w.-]{0,20}|Install the latest PowerShell .{1,200}"
              + "|Defaulted container .{1,200}|Password: ?|Sorry, try again\\.|~"
              + "|lines \\d{1,7}-\\d{1,7}(?:/\\d{1,7})?(?: ?\\(END\\)| ?\\d{1,3}%)?|\\(END\\)"
              + "|\\*\\* (?:WARNING: connection is not using a post-quantum|This session may be vulnerable to"
              + "|The server may need to be upgraded).{1,120}"
              + "|We trust you have received the usual lecture from the local System"
              + "|Administrator\\. It usually boils down to these three things:"
              + "|For security reasons, the password you type will not be visible\\."
              + "| {4}#[123]\\) [A-Z][\\w ]{1,60}\\.)\\s*+");

  /** The request of sudo in any language; its line end is missing if nobody typed a password. */
  private static final Pattern ASKED = Pattern.compile("\\[sudo] [^:\\n]{1,80}:[ \\t]?");

  /** A pager and the characters with which it erases its mark. */
  private static final Pattern PAGER =
      Pattern.compile(
          "\\s?-{2} ?(?:More|Mehr|Plus|M\\S{1,2}s|Altro|Suite) ?(?:\\(\\d{1,3}%\\))? {0,2}-{2}(?:\\(\\d{1,3}%\\))?[\\s\\u0008]*+");

  private static final Pattern WATCH = Pattern.compile("Every \\d{1,5}[.,]\\ds: (.{1,200})");

  /** Returns the line without the marks of pagers and of sudo at its start. */
  static String withoutMarks(String line) {
    String rest = line;
    for (Matcher mark = PAGER.matcher(rest); mark.lookingAt(); mark = PAGER.matcher(rest)) {
      rest = rest.substring(mark.end());
    }
    Matcher asked = ASKED.matcher(rest);
    return asked.lookingAt() ? rest.substring(asked.end()) : rest;
  }

  /** True for the first line of {@code watch}, which cuts its output to the size of a terminal. */
  static boolean isWatch(String line) {
    return WATCH.matcher(line).lookingAt();
  }

  /** True for a prompt without a command, after which nothing is missing. */
  static boolean isPrompt(String line) {
    return BARE_PROMPT.matcher(line).matches();
  }

  /**
   * Returns the host that the prompt before a command of a tool names; empty for any other line.
   */
  static Optional<String> host(String line) {
    Matcher prompt = HOST.matcher(line);
    return prompt.lookingAt()
        ? parse(line).filter(session -> session.command() != null).map(one -> prompt.group(1))
        : Optional.empty();
  }

  /** Parses a line; empty for any other line. */
  static Optional<SessionLine> parse(String line) {
    if (line.length() > 600) {
      return Optional.empty();
    }
    String typed = line.indexOf('\b') < 0 ? line : edited(line);
    if (ENDPOINT.matcher(typed).find()) {
      return Optional.empty();
    }
    Matcher shown = SHOWN.matcher(typed);
    if (shown.matches()) {
      return Optional.of(new SessionLine(shown.group(shown.group(1) != null ? 1 : 2)));
    }
    boolean message =
        (MESSAGE.matcher(typed).matches() && !ROW_WORD.matcher(typed).find())
            || WATCH.matcher(typed).matches();
    boolean session = isPrompt(typed) || message;
    return session ? Optional.of(new SessionLine(null)) : Optional.empty();
  }

  /** Applies the backspaces of a typed line. */
  private static String edited(String line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != '\b') {
        text.append(c);
      } else if (!text.isEmpty()) {
        text.setLength(text.length() - 1);
      }
    }
    return text.toString();
  }
}
