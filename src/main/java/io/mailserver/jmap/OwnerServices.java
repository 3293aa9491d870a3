package io.mailserver.jmap;

import io.mailserver.account.AccessTokens;
import io.mailserver.account.Credentials;
import io.mailserver.account.OwnPasswords;
import io.mailserver.account.VacationResponses;
import java.security.SecureRandom;

/**
 * What users change of their own accounts; all of it outlives JMAP.
 *
 * @param checkedBy the host name that this server's own Authentication-Results bear
 */
public record OwnerServices(
        VacationResponses vacations,
        AccessTokens devices,
        Credentials credentials,
        OwnPasswords passwords,
        String checkedBy,
        SecureRandom random) {}
