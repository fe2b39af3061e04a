package io.portcurfew.cli.init;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the questions of {@code init}; an empty answer takes the default. */
final class InitQuestions {

  private final BufferedReader in;
  private final PrintWriter out;

  InitQuestions(BufferedReader in, PrintWriter out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Asks until the answer is right.
   *
   * @param problem the mistake in an answer; {@code null} if there is none
   * @throws IOException if the input ends
   */
  String ask(String question, String usual, Function<String, @Nullable String> problem)
      throws IOException {
    while (true) {
      out.print(question + " [" + usual + "] ");
      out.flush();
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the input ended before the last answer");
      }
      String answer = line.isBlank() ? usual : line.strip();
      String wrong = problem.apply(answer);
      if (wrong == null) {
        return answer;
      }
      out.println(wrong);
    }
  }

  /** Asks a question that is answered by yes or no. */
  boolean confirm(String question, boolean usual) throws IOException {
    String answer =
        ask(
            question,
            usual ? "yes" : "no",
            text -> text.matches("(?i)y|yes|n|no") ? null : "Answer yes or no.");
    return answer.toLowerCase(Locale.ROOT).startsWith("y");
  }
}
