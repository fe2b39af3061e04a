package io.portcurfew.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadRequestsTest {

  private static final ReloadRequests.Answer BAD =
      new ReloadRequests.Answer(false, List.of("p.yaml:1:1: wrong", "p.yaml:2:1: wrong"));

  @TempDir private Path folder;
  private ReloadRequests agent;
  private ReloadRequests command;

  @BeforeEach
  void open() {
    agent = new ReloadRequests(folder);
    command = new ReloadRequests(folder);
  }

  @Test
  void requestIsReturnedOnceAndAnswered() throws IOException {
    assertThat(agent.asked()).isEmpty();
    String request = command.ask();
    assertThat(agent.asked()).contains(request);
    assertThat(agent.asked()).isEmpty();
    assertThat(command.answered(request)).isEmpty();
    agent.answer(request, BAD);
    assertThat(command.answered(request)).contains(BAD);
  }

  @Test
  void answerToAnotherRequest_isIgnored() throws IOException {
    String first = command.ask();
    agent.answer(first, BAD);
    String second = command.ask();
    assertThat(second).isNotEqualTo(first);
    assertThat(command.answered(second)).isEmpty();
    assertThat(agent.asked()).contains(second);
  }

  @Test
  void requestBeforeTheStart_isIgnored() throws IOException {
    command.ask();
    assertThat(new ReloadRequests(folder).asked()).isEmpty();
  }

  /**
   * Root makes a request in a folder of an unprivileged user, who could have created links there.
   */
  @Test
  void linksAreNotFollowed() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "precious");
    for (String name :
        List.of(
            "reload.asked",
            "reload.asked." + ProcessHandle.current().pid(),
            "reload.answered",
            "reload.answered.new")) {
      Files.createSymbolicLink(folder.resolve(name), victim);
    }
    String request = command.ask();
    assertThat(command.answered(request)).isEmpty();
    agent.answer(request, BAD);
    assertThat(command.answered(request)).contains(BAD);
    assertThat(victim).hasContent("precious");
  }

  @Test
  void lineBreaksAreReplaced() throws IOException {
    String request = command.ask();
    agent.answer(request, new ReloadRequests.Answer(true, List.of("a\nb")));
    assertThat(command.answered(request)).contains(new ReloadRequests.Answer(true, List.of("a b")));
  }
}
