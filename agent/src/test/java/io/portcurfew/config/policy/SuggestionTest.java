package io.portcurfew.config.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.yaml.Suggestion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

  @ParameterizedTest
  @CsvSource({
    "prots,ports",
    "port,ports",
    "Ports,ports",
    "PORTS,ports",
    "protcol,protocol",
    "protocols,protocol",
    "adress,address",
    "severty,severity",
    "expects,expect",
    "becuase,because",
    "dashboard,",
    "x,",
    "interval,",
    "'',",
    "pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppports,"
  })
  void similarWordIsSuggested(String typed, @Nullable String meant) {
    assertThat(Suggestion.of(typed, RuleReader.KEYS).orElse(null)).isEqualTo(meant);
  }
}
