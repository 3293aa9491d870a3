package io.mailserver.admin;

import io.mailserver.spam.Learning;
import java.io.IOException;

/** What the spam filter learned: a running server's, or what is opened when it is asked for first. */
@FunctionalInterface
public interface LearningSource {
    Learning learning() throws IOException;
}
