package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The scripts and files under config that bring the agent to many hosts. */
@LiveHost
class RollOutFilesTest {

  private static final Path CONFIG = Path.of("../config").toAbsolutePath().normalize();

  @TempDir Path folder;
  private Path sample;

  @BeforeEach
  void buildSample() throws Exception {
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("DEBIAN"));
    Files.createDirectories(tree.resolve("usr/lib/portcurfew/bin"));
    Files.writeString(tree.resolve("usr/lib/portcurfew/bin/portcurfew"), "#!/bin/sh\n");
    Files.createDirectories(tree.resolve("usr/share/portcurfew/etc"));
    Files.writeString(tree.resolve("usr/share/portcurfew/etc/policy.yaml"), "version: 1\n");
    Files.writeString(
        tree.resolve("DEBIAN/control"),
        """
        Package: portcurfew-sample
        Version: 1.2.3
        Architecture: amd64
        Maintainer: Ops <ops@example.org>
        Description: sample
        """);
    sample = folder.resolve("sample_1.2.3_amd64.deb");
    must("dpkg-deb", "--root-owner-group", "-b", tree.toString(), sample.toString());
  }

  private static String must(String tool, String... arguments) throws Exception {
    Tool.Result result = Tool.run(tool, arguments);
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }

  @Test
  void aptTrusts_theMadeRepository() throws Exception {
    Tool.require("apt-ftparchive");
    Tool.require("gpg");
    String script =
        """
        set -e
        export GNUPGHOME=%1$s/gpg
        mkdir -m 700 $GNUPGHOME
        gpg --batch --quiet --passphrase '' --quick-gen-key ops@example.org ed25519 sign never
        %2$s/apt/make-repository ops@example.org %1$s/repository %3$s
        gpgconf --kill all
        mkdir -p %1$s/apt/lists/partial %1$s/apt/cache/archives/partial
        echo 'deb [arch=amd64 signed-by=%1$s/repository/portcurfew.asc] file:%1$s/repository stable main' > %1$s/apt/sources.list
        apt="-o Dir::Etc::sourcelist=%1$s/apt/sources.list -o Dir::Etc::sourceparts=/nonexistent -o Dir::State::lists=%1$s/apt/lists -o Dir::Cache=%1$s/apt/cache -o APT::Sandbox::User=root"
        apt-get $apt update
        apt-cache $apt policy portcurfew-sample
        """
            .formatted(folder, CONFIG, sample);
    assertThat(must("sh", "-c", script)).contains("Candidate: 1.2.3").doesNotContain("W: ", "E: ");
  }

  @Test
  void sameInput_givesSameImage() throws Exception {
    Path root = Files.createDirectories(folder.resolve("root/etc"));
    Files.writeString(root.resolve("hostname"), "node\n");
    Files.createSymbolicLink(root.resolve("link"), Path.of("hostname"));
    String first = build("one");
    assertThat(build("two")).isEqualTo(first);
    String digest = first.replaceAll("(?s).*sha256:([0-9a-f]{64}).*", "$1");
    Path manifest = folder.resolve("one/blobs/sha256/" + digest);
    assertThat(must("sha256sum", manifest.toString())).startsWith(digest);
    String layer =
        Files.readString(manifest).replaceAll("(?s).*\"layers\": .*sha256:([0-9a-f]{64}).*", "$1");
    assertThat(must("tar", "-tzf", folder.resolve("one/blobs/sha256/" + layer).toString()))
        .contains("etc/hostname\n", "etc/link\n", "usr/lib/portcurfew/bin/portcurfew\n")
        .contains("etc/portcurfew/policy.yaml\n");
  }

  @Test
  void makeRules_changesAddressAndForm() throws Exception {
    String script = CONFIG.resolve("prometheus/make-rules").toString();
    String rules = Files.readString(CONFIG.resolve("prometheus/portcurfew.rules.yaml"));
    assertThat(must("sh", script)).isEqualTo(rules);
    String own = must("sh", script, "--runbooks", "https://wiki.example.org/runbooks");
    assertThat(own)
        .isEqualTo(
            rules.replaceAll(
                "https://\\S+/agent/docs/runbooks/", "https://wiki.example.org/runbooks/"))
        .isNotEqualTo(rules);
    Load yaml = new Load(LoadSettings.builder().build());
    Map<?, ?> object = (Map<?, ?>) yaml.loadFromString(must("sh", script, "--operator"));
    assertThat(object.get("kind")).isEqualTo("PrometheusRule");
    assertThat(object.get("spec")).isEqualTo(yaml.loadFromString(rules));
    Tool.Result refused = Tool.run("sh", script, "--runbooks", "https://x/a|b");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.output()).contains("a URL without quotes");
  }

  private String build(String name) throws Exception {
    String script = CONFIG.resolve("kubernetes/build-image.py").toString();
    Path image = folder.resolve(name);
    String printed =
        must(
            "python3",
            script,
            sample.toString(),
            image.toString(),
            folder.resolve("root").toString());
    return printed.replace(image.toString(), "IMAGE");
  }

  @Test
  void daemonSet_hasTheRightsOfTheService() throws Exception {
    String unit = Files.readString(CONFIG.resolve("../systemd/portcurfew.service"));
    List<String> ofService =
        unit.lines()
            .filter(line -> line.startsWith("CapabilityBoundingSet="))
            .flatMap(line -> Stream.of(line.substring(line.indexOf('=') + 1).split(" ", -1)))
            .map(name -> name.substring("CAP_".length()).toUpperCase(Locale.ROOT))
            .sorted()
            .toList();
    Map<?, ?> set = document("daemonset.yaml", "DaemonSet");
    Map<?, ?> pod = at(at(at(set, "spec"), "template"), "spec");
    assertThat(pod.get("hostNetwork")).isEqualTo(true);
    assertThat(pod.get("hostPID")).isEqualTo(true);
    Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).get(0);
    Map<?, ?> security = at(container, "securityContext");
    assertThat(security.get("readOnlyRootFilesystem")).isEqualTo(true);
    assertThat(at(security, "capabilities").get("drop")).isEqualTo(List.of("ALL"));
    assertThat(((List<?>) at(security, "capabilities").get("add")).stream().map(String::valueOf))
        .containsExactlyInAnyOrderElementsOf(ofService);
    assertThat(document("servicemonitor.yaml", "ServiceMonitor")).isNotEmpty();
  }

  /** The folder of a whole ConfigMap is open to every user (kubelet, empty_dir.go: 0777). */
  @Test
  void configMap_isMountedFileByFile() throws Exception {
    Map<?, ?> pod = at(at(at(document("daemonset.yaml", "DaemonSet"), "spec"), "template"), "spec");
    Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).get(0);
    List<String> mounted =
        ((List<?>) container.get("volumeMounts"))
            .stream()
                .map(mount -> (Map<?, ?>) mount)
                .filter(mount -> "config".equals(mount.get("name")))
                .map(mount -> mount.get("mountPath") + " of " + mount.get("subPath"))
                .toList();
    assertThat(mounted)
        .containsExactlyInAnyOrderElementsOf(
            at(document("daemonset.yaml", "ConfigMap"), "data").keySet().stream()
                .map(name -> "/etc/portcurfew/" + name + " of " + name)
                .toList());
  }

  private static Map<?, ?> at(Map<?, ?> map, String key) {
    return (Map<?, ?>) map.get(key);
  }

  private static Map<?, ?> document(String file, String kind) throws Exception {
    String text = Files.readString(CONFIG.resolve("kubernetes").resolve(file));
    Iterable<Object> all = new Load(LoadSettings.builder().build()).loadAllFromString(text);
    return StreamSupport.stream(all.spliterator(), false)
        .map(one -> (Map<?, ?>) one)
        .filter(one -> kind.equals(one.get("kind")))
        .collect(Collectors.toList())
        .get(0);
  }
}
