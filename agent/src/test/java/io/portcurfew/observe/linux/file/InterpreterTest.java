package io.portcurfew.observe.linux.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpreterTest {

  private static @Nullable String script(String executable, String commandLine) {
    String arguments = commandLine.replace(' ', '\0') + '\0';
    return Interpreter.script(executable.getBytes(ISO_8859_1), arguments.getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/bin/python3.11, python3 /srv/a.py -c x, /srv/a.py",
    "/usr/bin/python3.11, /usr/bin/python3 -u -W ignore a.py, a.py",
    "/usr/bin/python3.11, python3 -O /srv/a.py, /srv/a.py",
    "/usr/bin/python3.11, python3 -c code /srv/a.py, ",
    "/usr/bin/python3.11, python3 -m http.server, ",
    "/usr/bin/python3.11, python3 -Bc code, ",
    "/usr/bin/python3.11, python3 -, ",
    "/usr/bin/python3.11, python3, ",
    "/usr/bin/perl, perl -w /srv/a.pl, /srv/a.pl",
    "/usr/bin/perl, perl -ne code /srv/a.pl, ",
    "/usr/bin/ruby3.1, ruby -r json /srv/a.rb, /srv/a.rb",
    "/usr/bin/node, node --require ./x.js --inspect server.js, server.js",
    "/usr/bin/node, node -e code, ",
    "/usr/bin/php8.2, php -d a=b /srv/a.php, /srv/a.php",
    "/usr/bin/bash, /bin/bash -e -o pipefail /srv/run, /srv/run",
    "/usr/bin/dash, sh -c code, ",
    "/usr/lib/jvm/java-17/bin/java, java -cp /a -Dx=y -jar /srv/a.jar -jar b, /srv/a.jar",
    "/usr/lib/jvm/java-17/bin/java, java -cp /a Main -jar /srv/a.jar, ",
    "/usr/sbin/nginx, nginx /srv/a.py, ",
    "/usr/bin/notpython3, python3 /srv/a.py, "
  })
  void scriptIsTheFirstArgumentThatIsNoOption(
      String executable, String commandLine, @Nullable String wanted) {
    assertThat(script(executable, commandLine)).isEqualTo(wanted);
  }

  @Test
  void missingFactsGiveNoScript() {
    assertThat(Interpreter.script(null, new byte[] {'a', 0})).isNull();
    assertThat(Interpreter.script("/usr/bin/python3".getBytes(ISO_8859_1), null)).isNull();
    assertThat(script("/usr/bin/python3", "")).isNull();
  }
}
