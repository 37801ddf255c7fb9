"""A client of Muster's API, for Python 3.9 or later. It needs nothing but this file.

    import muster

    server = muster.Server("https://muster.example.com", "API-KEY")
    for device in server.pages(server.get_devices, "devices", filter="family = iPad"):
        print(device["serial_number"])

Each call is a method, and returns the answer as a dict. An answer that is an error raises muster.Error.
tools/openapi/python_client.py makes this file from docs/openapi.yaml: change these.
"""

import base64
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request


class Error(Exception):
    """The server answered with an error; `status` is that of HTTP."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key is for the server that was named, and no other."""

    def redirect_request(self, request, file, code, message, headers, url):
        return None


class Server:
    def __init__(self, url, key, *, context=None, timeout=330):
        """`context`: an ssl.SSLContext, for a certificate that the system does not know. `timeout`: in seconds; a call that
        waits for Apple may take some minutes."""
        self._url = url.rstrip("/")
        self._authorization = "Basic " + base64.b64encode(f"micromdm:{key}".encode()).decode()
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))

    def pages(self, call, member, **arguments):
        """The entries of every page: `call` is a method with a `cursor`, `member` the one of its answer that has them."""
        while True:
            answer = call(**arguments)
            yield from answer[member]
            if "next_cursor" not in answer:
                return
            arguments["cursor"] = answer["next_cursor"]

    def _open(self, method, path, query, body, more_headers=()):
        query = {name: _text(value) for name, value in query.items() if value is not None}
        url = self._url + path + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")
        headers = {"Authorization": self._authorization, **dict(more_headers)}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        try:
            return self._opener.open(urllib.request.Request(url, body, headers, method=method), timeout=self._timeout)
        except urllib.error.HTTPError as error:
            with error:
                raise Error(error.code, _reason(error)) from None

    def _events(self, method, path, query):
        last = None
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with self._open(method, path, query, None, headers) as answer:
                    event = {}
                    for line in answer:
                        name, _, value = line.decode().rstrip("\n").partition(": ")
                        event[name] = value
                        if line != b"\n":
                            continue
                        last = event.get("id", last)
                        if "data" in event:
                            yield {"id": event.get("id"), "type": event["event"], **json.loads(event["data"])}
                        event = {}
            except (http.client.HTTPException, OSError):
                pass  # the server is away for a while
            time.sleep(2)

    def _call(self, method, path, query, body=None):
        with self._open(method, path, query, body) as answer:
            text = answer.read().decode()
            is_json = answer.headers.get_content_type() == "application/json"
        return json.loads(text) if is_json else text

    def get_version(self):
        """Get the version of the server."""
        return self._call("GET", "/version", {})

    def get_healthz(self):
        """Check whether the process works.

        For orchestrators. The database is not asked.
        """
        return self._call("GET", "/healthz", {})

    def get_readyz(self):
        """Check whether the server can do its work.

        For load balancers. 503 with the reason while the database cannot be read, or has a schema that this
        version does not know.
        """
        return self._call("GET", "/readyz", {})

    def get_metrics(self):
        """Get metrics for Prometheus.

        docs/metrics.md describes each metric.
        """
        return self._call("GET", "/metrics", {})

    def get_dep_tokens(self, *, account=None):
        """Get the token and the public key.

        The public key is what Apple's portal asks for. The first call creates the key pair. **The answer has
        the token's secrets.**

        account: Name of the account
        """
        return self._call("GET", "/v1/dep-tokens", {"account": account})

    def apply_dep_tokens(self, *, account=None, force=None, p7m_content=None, new_key=None):
        """Import a token.

        Decrypts the token file from Apple's portal, verifies the token with Apple, and only then stores it in
        place of the old one.

        account: Name of the account
        force: true: accept a token of another service than the current token's
        p7m_content: The token file from the portal in base64, made for this account's public key
        new_key: Instead of importing a token, create a key pair for the next one. The old pair stays until a
            token for the new one works.
        """
        return self._call(
            "PUT",
            "/v1/dep-tokens",
            {"account": account, "force": force},
            _given(p7m_content=p7m_content, new_key=new_key),
        )

    def get_dep_account(self, *, account=None):
        """Ask Apple about the account.

        account: Name of the account
        """
        return self._call("GET", "/v1/dep/account", {"account": account})

    def get_dep_devices(self, *, serials, account=None):
        """Ask Apple about devices.

        account: Name of the account
        serials: Serial numbers of devices
        """
        return self._call("POST", "/v1/dep/devices", {"account": account}, _given(serials=serials))

    def get_dep_profile(self, *, uuid, account=None):
        """Ask Apple for a profile.

        account: Name of the account
        uuid: UUID of a profile, 32 hexadecimal digits; empty for no profile
        """
        return self._call("POST", "/v1/dep/profiles", {"account": account}, _given(uuid=uuid))

    def define_dep_profile(
        self, document, *, account=None, if_changed=None, dry_run=None, max_changes=None, limit=None,
        cursor=None, revision=None
    ):
        """Define a profile.

        Defines the profile at Apple, as the next version of its name in the registry, and assigns its
        `devices`. Rules that follow the name give the new version from then on. The document is sent to Apple
        as it is, except that an empty `org_magic` and a null `devices` are dropped.

        account: Name of the account
        if_changed: true: define nothing if the current version is the same document
        dry_run: true: return the plan; change nothing
        max_changes: Reject the change if more devices than this would be reassigned
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        revision: Reject the change with 409 unless the configuration has this revision
        document: An enrollment profile in Apple's form. docs/profiles.md has its keys.
        """
        return self._call(
            "PUT",
            "/v1/dep/profiles",
            {"account": account, "if_changed": if_changed, "dry_run": dry_run, "max_changes": max_changes,
            "limit": limit, "cursor": cursor, "revision": revision},
            document,
        )

    def remove_dep_profiles(self, *, serials, account=None):
        """Remove the profiles of devices.

        Apple removes the profiles, and Muster puts the devices on hold, so that no rule gives them another.

        account: Name of the account
        serials: Serial numbers of devices
        """
        return self._call("DELETE", "/v1/dep/profiles", {"account": account}, _given(serials=serials))

    def assign_dep_profile(self, *, id, serials, account=None):
        """Assign a profile to devices.

        A manual assignment takes precedence over rules, until you assign another profile or release the
        devices.

        account: Name of the account
        id: UUID of a profile, 32 hexadecimal digits; empty for no profile
        serials: Serial numbers of devices
        """
        return self._call("POST", "/v1/dep/assign", {"account": account}, _given(id=id, serials=serials))

    def get_dep_autoassigners(self, *, account=None):
        """List the rules, as MicroMDM does.

        account: Name of the account
        """
        return self._call("GET", "/v1/dep/autoassigners", {"account": account})

    def apply_dep_autoassigner(self, *, filter, profile_uuid, account=None):
        """Create or change a rule, as MicroMDM does.

        A profile that was not defined through this server is looked up at Apple.

        account: Name of the account
        filter: A filter, as docs/filters.md describes them
        profile_uuid: UUID of the profile
        """
        return self._call(
            "POST",
            "/v1/dep/autoassigners",
            {"account": account},
            _given(filter=filter, profile_uuid=profile_uuid),
        )

    def remove_dep_autoassigner(self, *, filter, account=None):
        """Remove a rule, as MicroMDM does.

        account: Name of the account
        filter: A filter, as docs/filters.md describes them
        """
        return self._call("DELETE", "/v1/dep/autoassigners", {"account": account}, _given(filter=filter))

    def sync_now(self, *, account=None, wait=None, sync_id=None, full=None):
        """Request a sync.

        Returns at once with an empty body, unless `wait` or `sync_id` is given. Requests during a sync cause
        one more sync after it. The first sync of an account reads the full list, and a wait includes it.

        account: Name of the account
        wait: Seconds to wait for the sync to finish; the answer is its progress
        sync_id: Return the progress of this sync, instead of requesting one
        full: true: read the full list, too
        """
        return self._call(
            "POST",
            "/v1/dep/syncnow",
            {"account": account, "wait": wait, "sync_id": sync_id, "full": full},
        )

    def get_nanodep_devices(self, *, dep_name=None, serial=None, limit=None, offset=None):
        """List the devices of the database, as NanoDEP does.

        With Apple's keys, in order of account and serial number.

        dep_name: Only this account; may be given several times
        serial: Only this device; may be given several times
        limit: At most this many
        offset: Leave out this many at the beginning
        """
        return self._call(
            "GET",
            "/v1/devices",
            {"dep_name": dep_name, "serial": serial, "limit": limit, "offset": offset},
        )

    def get_known_devices(
        self, *, account=None, page=None, per_page=None, filter_serial=None, filter_udid=None
    ):
        """List the devices of the database, as MicroMDM does.

        account: Name of the account
        page: Number of the page, from 0. Needs `per_page`
        per_page: Devices per page. 0: all devices
        filter_serial: Only these devices
        filter_udid: Only these devices, by the UDIDs that MDM servers reported; unknown ones are left out
        """
        return self._call(
            "POST",
            "/v1/devices",
            {"account": account},
            _given(page=page, per_page=per_page, filter_serial=filter_serial, filter_udid=filter_udid),
        )

    def remove_devices(
        self, *, account=None, dep_name=None, serial=None, opts=None, udids=None, serials=None
    ):
        """Remove devices from the database.

        They come back with Apple's next full list if they still belong to the account. If one is unknown,
        none is removed. With `dep_name` it is NanoDEP's call, which has no body: unknown devices are no
        error, and the answer is 204.

        account: Name of the account
        dep_name: Name of the account, in NanoDEP's form
        serial: A device, in NanoDEP's form; may be given several times
        opts: The form that MicroMDM's `mdmctl` sends
        udids: These devices, too, by the UDIDs that MDM servers reported
        serials: Serial numbers of devices
        """
        return self._call(
            "DELETE",
            "/v1/devices",
            {"account": account, "dep_name": dep_name, "serial": serial},
            _given(Opts=opts, udids=udids, serials=serials),
        )

    def get_dep_names(self, *, dep_name=None, limit=None, offset=None, cursor=None):
        """List the DEP names.

        The accounts that have a key pair or a token, in order of their names.

        dep_name: Only this account; may be given several times
        limit: At most this many
        offset: Leave out this many at the beginning
        cursor: The `next_cursor` of the answer before
        """
        return self._call(
            "GET",
            "/v1/dep_names",
            {"dep_name": dep_name, "limit": limit, "offset": offset, "cursor": cursor},
        )

    def get_token_pki(self, account, *, cn=None, validity_days=None):
        """Create a key pair.

        Creates a key pair for the account's next token, and the account if there is none. The old pair stays
        until a token for the new one works. The answer is the certificate to upload to Apple's portal.

        account: DEP name, which is the name of an account
        cn: Common name of the certificate, 1 to 64 characters. Default `depserver`
        validity_days: Validity of the certificate. Apple does not check it. Default 1
        """
        return self._call(
            "GET",
            f"/v1/tokenpki/{_segment(account)}",
            {"cn": cn, "validity_days": validity_days},
        )

    def put_token_pki(self, account, document, *, force=None):
        """Import a token file.

        Decrypts the token file, verifies the token with Apple, and only then stores it in place of the old
        one. The key pair that it was made for becomes the current one. 409 with `mismatched consumer key` if
        the token has another consumer key than the old one. **The answer has the token's secrets.**

        account: DEP name, which is the name of an account
        force: true: accept a token of another service than the current token's. May be empty
        document: The token file from the portal, as it is
        """
        return self._call("PUT", f"/v1/tokenpki/{_segment(account)}", {"force": force}, document)

    def get_nanodep_tokens(self, account):
        """Get the token.

        **The answer has the token's secrets.**

        account: DEP name, which is the name of an account
        """
        return self._call("GET", f"/v1/tokens/{_segment(account)}", {})

    def put_nanodep_tokens(self, account, document, *, force=None):
        """Import a token.

        Verifies the token with Apple before it replaces the old one. Creates the account if there is none.
        409 with `mismatched consumer key` if the token has another consumer key than the old one.

        account: DEP name, which is the name of an account
        force: true: accept a token of another service than the current token's. May be empty
        document: A token, as it is in the token file. Further members are not looked at.
        """
        return self._call("PUT", f"/v1/tokens/{_segment(account)}", {"force": force}, document)

    def get_nanodep_config(self, account):
        """Get the address of Apple's service.

        account: DEP name, which is the name of an account
        """
        return self._call("GET", f"/v1/config/{_segment(account)}", {})

    def put_nanodep_config(self, account, *, base_url):
        """Set the address of Apple's service.

        Creates the account if there is none. A token that it has is verified at the new address first.

        account: DEP name, which is the name of an account
        base_url: Address of Apple's service, or of depsim
        """
        return self._call("PUT", f"/v1/config/{_segment(account)}", {}, _given(base_url=base_url))

    def get_nanodep_assigner(self, account):
        """Get the profile for all devices.

        It is that of the rule `*`.

        account: DEP name, which is the name of an account
        """
        return self._call("GET", f"/v1/assigner/{_segment(account)}", {})

    def put_nanodep_assigner(self, account, *, profile_uuid):
        """Set the profile for all devices.

        Saves the rule `*`, like `POST /v1/dep/autoassigners`. Creates the account if there is none.

        account: DEP name, which is the name of an account
        profile_uuid: The profile
        """
        return self._call("PUT", f"/v1/assigner/{_segment(account)}", {"profile_uuid": profile_uuid})

    def get_maid_jwt(self, account, *, server_uuid=None):
        """Issue a token for Managed Apple Accounts.

        For the answer to a device's `GetToken` with the service type `com.apple.maid`: a JWT, signed with the
        key that the account's token was made for. The headers `X-Server-Uuid` and `X-Jwt-Jti` have its claims
        `iss` and `jti`.

        account: DEP name, which is the name of an account
        server_uuid: Apple's UUID of the service. Without it, Apple is asked
        """
        return self._call("GET", f"/v1/maidjwt/{_segment(account)}", {"server_uuid": server_uuid})

    def get_bypass_code(self, *, raw=None, code=None):
        """Make or read a bypass code.

        A code that opens a device behind an Activation Lock, in its three forms: `hash` is the escrow key for
        Apple, `code` is for people. Without a parameter it is a new one. Muster does not store it.

        raw: The code as 32 hexadecimal digits
        code: The code as people type it
        """
        return self._call("GET", "/v1/bypasscode", {"raw": raw, "code": code})

    def proxy_definition(self, account, document):
        """Define a profile, as Apple's call.

        Like `PUT /v1/dep/profiles`: the profile is the next version of its name in the registry. `devices`
        are assigned.

        account: DEP name, which is the name of an account
        document: An enrollment profile in Apple's form. docs/profiles.md has its keys.
        """
        return self._call("POST", f"/proxy/{_segment(account)}/profile", {}, document)

    def proxy_assignment_post(self, account, *, profile_uuid=None, devices=None):
        """Assign a profile, as Apple's call.

        Like `POST /v1/dep/assign`: a manual assignment.

        account: DEP name, which is the name of an account
        profile_uuid: UUID of a profile, 32 hexadecimal digits; empty for no profile
        devices: Serial numbers of devices
        """
        return self._call(
            "POST",
            f"/proxy/{_segment(account)}/profile/devices",
            {},
            _given(profile_uuid=profile_uuid, devices=devices),
        )

    def proxy_assignment_put(self, account, *, profile_uuid=None, devices=None):
        """Assign a profile, as Apple's call.

        Like `POST /v1/dep/assign`: a manual assignment.

        account: DEP name, which is the name of an account
        profile_uuid: UUID of a profile, 32 hexadecimal digits; empty for no profile
        devices: Serial numbers of devices
        """
        return self._call(
            "PUT",
            f"/proxy/{_segment(account)}/profile/devices",
            {},
            _given(profile_uuid=profile_uuid, devices=devices),
        )

    def proxy_removal(self, account, *, profile_uuid=None, devices=None):
        """Remove devices' profiles, as Apple's call.

        Like `DELETE /v1/dep/profiles`: the devices are put on hold.

        account: DEP name, which is the name of an account
        profile_uuid: Apple does not look at it
        devices: Serial numbers of devices
        """
        return self._call(
            "DELETE",
            f"/proxy/{_segment(account)}/profile/devices",
            {},
            _given(profile_uuid=profile_uuid, devices=devices),
        )

    def proxy_devices(self, account, *, devices=None):
        """Get devices, as Apple's call.

        account: DEP name, which is the name of an account
        devices: Serial numbers of devices
        """
        return self._call("POST", f"/proxy/{_segment(account)}/devices", {}, _given(devices=devices))

    def proxy_device_list(self, account, *, cursor=None, limit=None):
        """List all devices, as Apple's call.

        account: DEP name, which is the name of an account
        cursor: The `cursor` of Apple's answer before
        limit: Devices in a page
        """
        return self._call(
            "POST",
            f"/proxy/{_segment(account)}/server/devices",
            {},
            _given(cursor=cursor, limit=limit),
        )

    def proxy_device_changes(self, account, *, cursor=None, limit=None):
        """List changes of devices, as Apple's call.

        Muster's own reading of the changes is not affected.

        account: DEP name, which is the name of an account
        cursor: The `cursor` of Apple's answer before
        limit: Devices in a page
        """
        return self._call(
            "POST",
            f"/proxy/{_segment(account)}/devices/sync",
            {},
            _given(cursor=cursor, limit=limit),
        )

    def proxy_get(self, account, path):
        """Make any call of Apple's that reads.

        The call is passed on with the account's session, with its query. Apple's answer is passed back as it
        is; one of unknown length, or of more than 8 MiB, in pieces while it comes. If it ends without the
        last chunk, it is incomplete.

        account: DEP name, which is the name of an account
        path: Path at Apple, without its first slash
        """
        return self._call("GET", f"/proxy/{_segment(account)}/{_segment(path)}", {})

    def proxy_post(self, account, path, document):
        """Make any other call of Apple's.

        It is passed on once, and is an entry in the audit. Muster does not know what it does. The body may
        come in pieces, and may have 8 MiB. A long answer is passed back as that of `GET` is.

        account: DEP name, which is the name of an account
        path: Path at Apple, without its first slash
        document: What Apple is to get.
        """
        return self._call("POST", f"/proxy/{_segment(account)}/{_segment(path)}", {}, document)

    def proxy_delete(self, account, path, document):
        """Make any call of Apple's that deletes.

        It is passed on once, and is an entry in the audit.

        account: DEP name, which is the name of an account
        path: Path at Apple, without its first slash
        document: What Apple is to get.
        """
        return self._call("DELETE", f"/proxy/{_segment(account)}/{_segment(path)}", {}, document)

    def get_accounts(self):
        """List the accounts."""
        return self._call("GET", "/api/v1/accounts", {})

    def export_account(self, name):
        """Get what another server needs to continue with an account.

        With the token's secrets. Pause the account first, and wait until it is not running: then the cursor
        no longer changes. `mdmctl export nanodep` does so.

        name: Name of the account
        """
        return self._call("GET", f"/api/v1/accounts/{_segment(name)}/export", {})

    def import_account(
        self, name, *, source, token=None, base_url=None, key_pairs=None, assigner_profile_uuid=None,
        profile_uuids=None, cursor=None, arrivals_since=None, dry_run=None
    ):
        """Take an account over from another server.

        Stores what another server knew of the account, in one transaction: `mdmctl import nanodep` and
        `mdmctl import micromdm` read it there. The token is verified with Apple first. What Muster has
        already is kept, so that the same call a second time changes nothing.

        name: Name of the account
        source: The other server's name, for the audit: letters, digits, and `. _ -`
        token: A token's secrets
        base_url: Address of the service; absent for Apple's default
        key_pairs: For tokens of the portal, at most two, the newest first
        assigner_profile_uuid: Profile for every device that arrives. Becomes the rule with the filter `*`
        profile_uuids: Profiles that devices have there, at most 100. They are read from Apple, and become
            known
        cursor: In Apple's list of changes. Of use before Muster has read the account's devices
        arrivals_since: Devices without a profile that Apple assigned to the service since then have arrived,
            also if Muster's first list of devices shows them
        dry_run: Only show what would be imported
        """
        return self._call(
            "POST",
            f"/api/v1/accounts/{_segment(name)}/import",
            {},
            _given(source=source, token=token, base_url=base_url, key_pairs=key_pairs,
            assigner_profile_uuid=assigner_profile_uuid, profile_uuids=profile_uuids, cursor=cursor,
            arrivals_since=arrivals_since, dry_run=dry_run),
        )

    def apply_account(
        self, name, *, account=None, force=None, p7m_content=None, token=None, base_url=None, paused=None,
        inherit_replacements=None, revision=None
    ):
        """Create or change an account.

        Members that are left out stay unchanged. A new token, and the current one if `base_url` changes, is
        verified with Apple before anything is stored. On an error, nothing changes.

        name: Name of the account
        account: Not needed. If it is given, it must be the account of the path
        force: true: accept a token of another service than the current token's
        p7m_content: The token file from the portal in base64, made for this account's public key
        token: A token's secrets
        base_url: Address of Apple's service. The empty text is the default. The server's flag `-depsim` takes
            precedence
        paused: If true, Muster calls Apple only on request of an operator
        inherit_replacements: If true, a device that replaces another one takes over its note, lists and hold
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "PUT",
            f"/api/v1/accounts/{_segment(name)}",
            {"account": account, "force": force},
            _given(p7m_content=p7m_content, token=token, base_url=base_url, paused=paused,
            inherit_replacements=inherit_replacements, revision=revision),
        )

    def remove_account(self, name):
        """Remove an account with all of its data.

        The devices and profiles at Apple stay as they are.

        name: Name of the account
        """
        return self._call("DELETE", f"/api/v1/accounts/{_segment(name)}", {})

    def get_config(self, *, account=None):
        """Get the configuration of an account.

        The configuration has a revision, which grows with each change. To prevent lost updates, pass the
        `revision` that your change is based on to the call that makes it.

        account: Name of the account
        """
        return self._call("GET", "/api/v1/config", {"account": account})

    def get_rules(self, *, account=None, counts=None):
        """List the rules.

        account: Name of the account
        counts: true: also count the devices of each rule
        """
        return self._call("GET", "/api/v1/rules", {"account": account, "counts": counts})

    def apply_rule(
        self, *, account=None, filter=None, name=None, priority=None, scope=None, profile_uuid=None,
        profile_name=None, no_profile=None, enroll_within=None, dry_run=None, max_changes=None, limit=None,
        cursor=None, revision=None
    ):
        """Create or change a rule.

        The `filter`, or the `name` of an existing rule, says which rule is meant. Members that are left out
        stay unchanged; in a new rule they have their defaults.

        account: Name of the account
        filter: A filter, as docs/filters.md describes them
        name: Name of a rule, unique within the account
        priority: Lower values are evaluated first; of equal values, the older rule. The default is 100, and
            1,000,000 for the filter `*`.
        scope: `new`: arriving devices. `unassigned`: also existing devices without a profile. `all`: also
            existing devices with another profile.
        profile_uuid: UUID of a profile, 32 hexadecimal digits; empty for no profile
        profile_name: Name of a profile of the registry, instead of a UUID. The rule always gives its current
            version
        no_profile: The rule gives no profile
        enroll_within: Seconds in which a device is to enroll once Apple has it with the rule's profile, from
            3,600; then it is late (docs/enrollments.md). 0, the default, is no limit.
        dry_run: Return the plan; change nothing
        max_changes: Reject the change if more devices than this would be reassigned
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "PUT",
            "/api/v1/rules",
            {"account": account},
            _given(filter=filter, name=name, priority=priority, scope=scope, profile_uuid=profile_uuid,
            profile_name=profile_name, no_profile=no_profile, enroll_within=enroll_within, dry_run=dry_run,
            max_changes=max_changes, limit=limit, cursor=cursor, revision=revision),
        )

    def remove_rule(
        self, *, account=None, filter=None, name=None, dry_run=None, max_changes=None, limit=None,
        cursor=None, revision=None
    ):
        """Remove a rule.

        account: Name of the account
        filter: A filter, as docs/filters.md describes them
        name: Name of a rule, unique within the account
        dry_run: Return the plan; change nothing
        max_changes: Reject the change if more devices than this would be reassigned
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "DELETE",
            "/api/v1/rules",
            {"account": account},
            _given(filter=filter, name=name, dry_run=dry_run, max_changes=max_changes, limit=limit,
            cursor=cursor, revision=revision),
        )

    def get_plan(self, *, account=None, limit=None, cursor=None):
        """Get what the rules would change.

        What the current rules would change among existing devices, if they were applied to them again.

        account: Name of the account
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        """
        return self._call("GET", "/api/v1/plan", {"account": account, "limit": limit, "cursor": cursor})

    def plan_change(self, *, account=None, rule=None, remove_rule=None, limit=None, cursor=None):
        """Get what a change of a rule would do.

        Nothing is changed.

        account: Name of the account
        rule: A rule to create or change, as for `PUT /api/v1/rules`
        remove_rule: A rule to remove, by `filter` or `name`
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        """
        return self._call(
            "POST",
            "/api/v1/plan",
            {"account": account},
            _given(rule=rule, remove_rule=remove_rule, limit=limit, cursor=cursor),
        )

    def get_backfill(self, *, account=None):
        """Get the progress of the backfill.

        account: Name of the account
        """
        return self._call("GET", "/api/v1/backfill", {"account": account})

    def change_backfill(self, *, action, account=None):
        """Pause, resume or cancel the backfill.

        account: Name of the account
        action: `cancel` leaves the devices that it has not reached as they are
        """
        return self._call("POST", "/api/v1/backfill", {"account": account}, _given(action=action))

    def get_devices(self, *, account=None, filter=None, uncovered=None, late=None, cursor=None, limit=None):
        """List devices.

        account: Name of the account, or `*` for all accounts
        filter: Only the devices that this filter matches
        uncovered: true: only devices that arrived without a rule
        late: true: only devices that did not enroll in the time of their rule; not together with `uncovered`
        cursor: The `next_cursor` of the page before
        limit: Devices per page
        """
        return self._call(
            "GET",
            "/api/v1/devices",
            {"account": account, "filter": filter, "uncovered": uncovered, "late": late, "cursor": cursor,
            "limit": limit},
        )

    def get_day_counts(self, *, account=None, days=None):
        """Count what happened on each day.

        Devices that arrived, devices that got their profile, and calls to Apple, by day (UTC), the oldest day
        first. Days without any are left out. Devices present before Muster's first sync do not count as
        arrived.

        account: Name of the account
        days: Number of days, including today. Default 90
        """
        return self._call("GET", "/api/v1/day-counts", {"account": account, "days": days})

    def get_device_positions(self, *, account=None, filter=None):
        """Find positions in the list of devices.

        For programs that show a part of a long list: how many devices there are, and a cursor for each
        `every` of them. The page that `GET /api/v1/devices` returns for the first cursor begins with device
        number `every` + 1.

        account: Name of the account
        filter: Only the devices that this filter matches
        """
        return self._call("GET", "/api/v1/device-positions", {"account": account, "filter": filter})

    def get_device(self, account, serial):
        """Get a device.

        Also what each rule says about it, and why it does not have its profile yet.

        account: Name of the account
        serial: Serial number of the device
        """
        return self._call("GET", f"/api/v1/devices/{_segment(account)}/{_segment(serial)}", {})

    def get_device_history(self, account, serial, *, at=None):
        """Get the history of a device.

        account: Name of the account
        serial: Serial number of the device
        at: Only entries until this time, and the state at this time
        """
        return self._call(
            "GET",
            f"/api/v1/devices/{_segment(account)}/{_segment(serial)}/history",
            {"at": at},
        )

    def hold_devices(self, *, serials, account=None):
        """Put devices on hold.

        Rules leave them alone. If one is unknown, none is held.

        account: Name of the account
        serials: Serial numbers of devices
        """
        return self._call("POST", "/api/v1/holds", {"account": account}, _given(serials=serials))

    def release_devices(self, *, serials, account=None):
        """Release devices.

        Rules apply to them again.

        account: Name of the account
        serials: Serial numbers of devices
        """
        return self._call("DELETE", "/api/v1/holds", {"account": account}, _given(serials=serials))

    def lock_devices(self, *, serials, account=None, message=None, dry_run=None):
        """Lock devices at Apple.

        Activation Lock: whoever wants to use a locked device needs its bypass code. The code of each device
        is stored before Apple hears of it. A device that has a code keeps it: it is used again. If a device
        is unknown, none is locked. Devices are locked one after the other, and the first call to Apple that
        fails ends that: `error` says why, and the devices that are not in `devices` are not locked, except
        the one that `error` names if its answer was lost. With `dry_run` nothing happens.

        account: Name of the account
        serials: Serial numbers, 1 to 100
        message: What the locked devices show, such as whom to call
        dry_run: Show the devices and lock none
        """
        return self._call(
            "POST",
            "/api/v1/locks",
            {"account": account},
            _given(serials=serials, message=message, dry_run=dry_run),
        )

    def get_device_bypass_code(self, account, serial):
        """Get the code that opens a locked device.

        Of a device that Muster was asked to lock, also if it has left. Each reading is an entry of the audit.
        Answered with 404 for a device that has no code.

        account: Name of the account
        serial: Serial number of the device
        """
        return self._call("GET", f"/api/v1/devices/{_segment(account)}/{_segment(serial)}/bypass-code", {})

    def disown_devices(self, *, serials, account=None, permanent=None, dry_run=None):
        """Release devices from the organisation.

        Permanent: Apple does not give them back. An account may release as many devices in 24 hours as the
        server's `-disown-limit`; more are answered with 409, and none is released. If a device is unknown,
        none is released. With `dry_run` nothing happens.

        account: Name of the account
        serials: Serial numbers, at least one
        permanent: Must be true, unless it is a dry run
        dry_run: Show the devices and release none
        """
        return self._call(
            "POST",
            "/api/v1/disowned",
            {"account": account},
            _given(serials=serials, permanent=permanent, dry_run=dry_run),
        )

    def get_beta_tokens(self, *, account=None):
        """Ask Apple for its beta programs.

        Tokens with which devices of the organisation join the beta programs of AppleSeed for IT.

        account: Name of the account
        """
        return self._call("GET", "/api/v1/beta-tokens", {"account": account})

    def get_enrollment_discovery(self, *, account=None):
        """Ask Apple for the address of account-driven enrollment.

        Apple sends devices there whose users have no `/.well-known/com.apple.remotemanagement` in the domain
        of their Managed Apple Account.

        account: Name of the account
        """
        return self._call("GET", "/api/v1/enrollment-discovery", {"account": account})

    def set_enrollment_discovery(self, *, url, account=None):
        """Set the address of account-driven enrollment.

        Apple checks the address.

        account: Name of the account
        url: Of the discovery document, https://...
        """
        return self._call("PUT", "/api/v1/enrollment-discovery", {"account": account}, _given(url=url))

    def remove_enrollment_discovery(self, *, account=None):
        """Remove the address of account-driven enrollment.

        Apple then knows none.

        account: Name of the account
        """
        return self._call("DELETE", "/api/v1/enrollment-discovery", {"account": account})

    def get_replacement(self, serial, *, account=None):
        """Ask Apple which device another one replaces.

        Answered with 404 for a device that replaces none.

        serial: Serial number of the device
        account: Name of the account
        """
        return self._call("GET", f"/api/v1/replacements/{_segment(serial)}", {"account": account})

    def check_filter(self, *, filter, account=None, check=None):
        """Check a filter.

        Checks the filter and counts its devices. A filter that is not valid is answered with 400.

        account: Name of the account
        filter: The filter
        check: true: return the lists that the filter uses, and do not count
        """
        return self._call("GET", "/api/v1/filters", {"account": account, "filter": filter, "check": check})

    def get_lists(self, *, account=None):
        """List the lists.

        account: Name of the account
        """
        return self._call("GET", "/api/v1/lists", {"account": account})

    def get_list(self, name, *, account=None, cursor=None, limit=None):
        """Get a list with its serial numbers.

        name: Name of the list
        account: Name of the account
        cursor: The `next_cursor` of the page before
        limit: Serial numbers per page
        """
        return self._call(
            "GET",
            f"/api/v1/lists/{_segment(name)}",
            {"account": account, "cursor": cursor, "limit": limit},
        )

    def apply_list(
        self, name, *, account=None, csv=None, column=None, mode=None, version=None, allow_empty=None,
        dry_run=None, max_changes=None, limit=None, cursor=None, revision=None
    ):
        """Create or change a list.

        The file is applied completely or not at all. An error names up to 20 invalid lines. A list that is
        new, in `mode` `create` or `replace`, has `created`.

        name: Name of the list
        account: Name of the account
        csv: Contents of a CSV file, or one serial number a line
        column: Name or number of the column of serial numbers, if its header is not a usual one
        mode: What to do with the file's serial numbers. `create` is answered with 409 if the list exists,
            `add` and `remove` with 404 if it does not.
        version: Reject the change with 409 unless the list has this version
        allow_empty: Accept a file without serial numbers
        dry_run: Return the plan; change nothing
        max_changes: Reject the change if more devices than this would be reassigned
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "PUT",
            f"/api/v1/lists/{_segment(name)}",
            {"account": account},
            _given(csv=csv, column=column, mode=mode, version=version, allow_empty=allow_empty,
            dry_run=dry_run, max_changes=max_changes, limit=limit, cursor=cursor, revision=revision),
        )

    def remove_list(self, name, *, account=None, revision=None):
        """Remove a list.

        name: Name of the list
        account: Name of the account
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "DELETE",
            f"/api/v1/lists/{_segment(name)}",
            {"account": account},
            _given(revision=revision),
        )

    def get_notes(self, *, account=None, cursor=None, limit=None):
        """List the notes.

        account: Name of the account
        cursor: The `next_cursor` of the page before
        limit: Notes per page
        """
        return self._call("GET", "/api/v1/notes", {"account": account, "cursor": cursor, "limit": limit})

    def apply_notes(
        self, *, csv, account=None, column=None, dry_run=None, max_changes=None, limit=None, cursor=None,
        revision=None
    ):
        """Change notes.

        The file is applied completely or not at all. Columns that it does not have stay unchanged. A note
        whose fields are all empty is removed.

        account: Name of the account
        csv: Contents of a CSV file, or one serial number a line
        column: Name or number of the column of serial numbers, if its header is not a usual one
        dry_run: Return the plan; change nothing
        max_changes: Reject the change if more devices than this would be reassigned
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "PUT",
            "/api/v1/notes",
            {"account": account},
            _given(csv=csv, column=column, dry_run=dry_run, max_changes=max_changes, limit=limit,
            cursor=cursor, revision=revision),
        )

    def get_profiles(self, *, account=None):
        """List the profiles of the registry.

        account: Name of the account
        """
        return self._call("GET", "/api/v1/profiles", {"account": account})

    def import_profiles(self, *, account=None, dry_run=None):
        """Add the profiles that devices have.

        Apple cannot list profiles, but shows one whose UUID is known. The profiles that the account's devices
        have and that Muster does not know are read from Apple, at most 100 in a call. Each becomes the next
        version of its name, and the current one if the name has none.

        account: Name of the account
        dry_run: Only show what would be added
        """
        return self._call("POST", "/api/v1/profiles/import", {"account": account}, _given(dry_run=dry_run))

    def validate_profile(self, document):
        """Check a profile.

        Apple is not asked. docs/profiles.md lists all findings.

        document: An enrollment profile in Apple's form. docs/profiles.md has its keys.
        """
        return self._call("POST", "/api/v1/profiles/validate", {}, document)

    def get_profile(self, name, *, account=None, version=None):
        """Get a profile.

        name: Name of the profile. It may have slashes in it, which need not be encoded
        account: Name of the account
        version: The version; without it, the current one
        """
        return self._call(
            "GET",
            f"/api/v1/profiles/{_segment(name)}",
            {"account": account, "version": version},
        )

    def move_profile(
        self, name, *, account=None, dry_run=None, max_changes=None, limit=None, cursor=None, revision=None
    ):
        """Move devices to the current version.

        name: Name of the profile. It may have slashes in it, which need not be encoded
        account: Name of the account
        dry_run: Return the plan; change nothing
        max_changes: Reject the change if more devices than this would be reassigned
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "POST",
            f"/api/v1/profiles/{_segment(name)}/move",
            {"account": account},
            _given(dry_run=dry_run, max_changes=max_changes, limit=limit, cursor=cursor, revision=revision),
        )

    def rollback_profile(
        self, name, *, account=None, version=None, dry_run=None, max_changes=None, limit=None, cursor=None,
        revision=None
    ):
        """Return to another version.

        Rules that follow the name give that version again.

        name: Name of the profile. It may have slashes in it, which need not be encoded
        account: Name of the account
        version: The version to return to; without it, the previous one
        dry_run: Return the plan; change nothing
        max_changes: Reject the change if more devices than this would be reassigned
        limit: List this many devices in the plan
        cursor: The `next_cursor` of the plan before
        revision: Reject the change with 409 unless the configuration has this revision
        """
        return self._call(
            "POST",
            f"/api/v1/profiles/{_segment(name)}/rollback",
            {"account": account},
            _given(version=version, dry_run=dry_run, max_changes=max_changes, limit=limit, cursor=cursor,
            revision=revision),
        )

    def get_keys(self):
        """List the API keys.

        Without their texts, which are stored nowhere.
        """
        return self._call("GET", "/api/v1/keys", {})

    def apply_key(self, name, *, role=None, accounts=None, expires_in=None, new_key=None):
        """Create or change an API key.

        Members that are left out stay unchanged. A new key needs a `role`; without the other members it is
        for all accounts and has no end. A change applies at once, on every server.

        name: Name of the key
        role: What a key may do: each more than the one before
        accounts: Names of the accounts that the key is for; `*` alone for all. Empty when all of them were
            removed: the key sees no account then.
        expires_in: The key ends after so many seconds; 0: never
        new_key: Give the key a new text. The old one ends at once
        """
        return self._call(
            "PUT",
            f"/api/v1/keys/{_segment(name)}",
            {},
            _given(role=role, accounts=accounts, expires_in=expires_in, new_key=new_key),
        )

    def remove_key(self, name):
        """Remove an API key.

        It ends at once, on every server.

        name: Name of the key
        """
        return self._call("DELETE", f"/api/v1/keys/{_segment(name)}", {})

    def post_mdm_message(self, document):
        """Accept a message from an MDM server.

        A message as MicroMDM, NanoMDM and NanoHUB post it. It is signed with the secret of `enrollment-
        webhook`: `X-Hmac-Signature` is the Base64 of the body's HMAC-SHA256. Without that header, the secret
        is the password of Basic authentication. The answer comes when the message is stored.
        docs/enrollments.md has the details.

        document: The message, as the MDM server makes it
        """
        return self._call("POST", "/webhook/mdm", {}, document)

    def get_enrollment_webhook(self):
        """Get whether messages from MDM servers are accepted."""
        return self._call("GET", "/api/v1/enrollment-webhook", {})

    def apply_enrollment_webhook(self, *, secret=None, overlap=None):
        """Set the secret for messages from MDM servers.

        Without `secret`, the server creates one. The previous secret remains valid for a while.

        secret: 24 to 256 printable ASCII characters, which are the key themselves
        overlap: Take the secret before, too, for so many seconds; a day unless it is given
        """
        return self._call("PUT", "/api/v1/enrollment-webhook", {}, _given(secret=secret, overlap=overlap))

    def remove_enrollment_webhook(self):
        """Stop accepting messages from MDM servers.

        What they have reported is kept.
        """
        return self._call("DELETE", "/api/v1/enrollment-webhook", {})

    def get_webhooks(self):
        """List the webhooks.

        With the status of each, without URLs and secrets.
        """
        return self._call("GET", "/api/v1/webhooks", {})

    def apply_webhook(
        self, name, *, url=None, topics=None, accounts=None, format=None, secret=None, new_secret=None,
        overlap=None
    ):
        """Create or change a webhook.

        Members that are left out stay unchanged. A new webhook needs a `url`; without the other members it
        gets all events of all accounts, in the form `muster`, and the server creates its secret. It gets
        events from now on.

        name: Name of the webhook
        url: Where messages are sent to. A private address is refused unless the server runs with `-webhook-
            allow-private`
        topics: `device.*` stands for all that begin so, and `*` alone for all
        accounts: Names of the accounts that it is told of; `*` alone for all, and for what concerns the
            installation
        format:
        secret: Signs messages: `whsec_` and Base64 of 24 to 64 bytes, or 24 to 256 printable characters
        new_secret: Make another secret
        overlap: Sign messages with the secret before, too, for so many seconds; a day unless it is given
        """
        return self._call(
            "PUT",
            f"/api/v1/webhooks/{_segment(name)}",
            {},
            _given(url=url, topics=topics, accounts=accounts, format=format, secret=secret,
            new_secret=new_secret, overlap=overlap),
        )

    def remove_webhook(self, name):
        """Remove a webhook.

        Its pending messages are deleted, too.

        name: Name of the webhook
        """
        return self._call("DELETE", f"/api/v1/webhooks/{_segment(name)}", {})

    def test_webhook(self, name):
        """Send a test message now.

        Regardless of the topics and the status of the webhook.

        name: Name of the webhook
        """
        return self._call("POST", f"/api/v1/webhooks/{_segment(name)}/test", {})

    def replay_webhook(self, name, *, since=None, dead_letters=None, dry_run=None):
        """Send messages again.

        Either everything since a time, as far as the server keeps it, in order and with the same ids; or the
        dead letters.

        name: Name of the webhook
        since: A time, or so long ago (`2h`)
        dead_letters: In place of `since`
        dry_run: Only count
        """
        return self._call(
            "POST",
            f"/api/v1/webhooks/{_segment(name)}/replay",
            {},
            _given(since=since, dead_letters=dead_letters, dry_run=dry_run),
        )

    def pause_webhook(self, name):
        """Pause a webhook.

        Sends nothing for now; its events are kept.

        name: Name of the webhook
        """
        return self._call("POST", f"/api/v1/webhooks/{_segment(name)}/pause", {})

    def resume_webhook(self, name):
        """Resume a webhook.

        Continues where it was, at once, also after it was disabled.

        name: Name of the webhook
        """
        return self._call("POST", f"/api/v1/webhooks/{_segment(name)}/resume", {})

    def get_webhook_deliveries(self, name, *, limit=None):
        """List the last messages to a webhook.

        The newest first, with the answer to each.

        name: Name of the webhook
        limit: Number of messages. Default 50
        """
        return self._call("GET", f"/api/v1/webhooks/{_segment(name)}/deliveries", {"limit": limit})

    def get_webhook_dead_letters(self, name):
        """List the dead letters of a webhook.

        Messages that the receiver rejected too often, the oldest first; the last 100.

        name: Name of the webhook
        """
        return self._call("GET", f"/api/v1/webhooks/{_segment(name)}/dead-letters", {})

    def get_audit(
        self, *, since=None, until=None, who=None, what=None, account=None, cursor=None, limit=None
    ):
        """List who changed what.

        The newest entries first.

        since: Only entries since this time, or so long ago (`7d`)
        until: Only entries before this time
        who: Only changes with the API key of this name, or by this actor
        what: Only this action, or all actions with this beginning up to a dot
        account: Only changes of the account of this name
        cursor: The `next_cursor` of the page before
        limit: Entries of a page
        """
        return self._call(
            "GET",
            "/api/v1/audit",
            {"since": since, "until": until, "who": who, "what": what, "account": account, "cursor": cursor,
            "limit": limit},
        )

    def check_audit(self, *, known=None):
        """Check that no entry of the audit was changed or removed.

        Each entry has a digest of itself and of the digest before it. An entry whose number and digest were
        noted elsewhere must be in the chain: without one, entries removed from its end and a rebuilt chain
        are not detected.

        known: Number and digest of an entry that was noted
        """
        return self._call("GET", "/api/v1/audit/check", {"known": known})

    def get_events(self, *, account=None, types=None):
        """Listen to what happens.

        Server-Sent Events, as browsers' `EventSource` reads them; the answer does not end. A client that
        sends the header `Last-Event-ID` gets what happened since. Another one is sent `ready` first: what it
        reads from the server then is no older than the events that follow. `reset` takes the place of `ready`
        if it is no longer known what happened since: reload all state. Events of the type `audit` are for
        admin keys for all accounts; `progress` has no id, and is not sent again.

        account: Only events of this account, none of the type `audit`; without it, those of all accounts that
            the key is for
        types: Only events of these types, separated by commas
        """
        return self._events("GET", "/api/v1/events", {"account": account, "types": types})

    def get_session(self):
        """Get what the key may do.

        For the cookie of a session, also when it ends, and the token that changes need.
        """
        return self._call("GET", "/api/v1/session", {})

    def sign_in(self):
        """Sign in to the console.

        Exchanges the API key of the request for a cookie, which stands for the key for 12 hours, at all
        servers with the same `-api-key`. It ends when the browser signs out, and when the key is removed,
        gets a new text or expires. Scripts of pages cannot read the cookie.
        """
        return self._call("POST", "/api/v1/session", {})

    def sign_out(self):
        """Sign out of the console.

        Ends the session whose cookie the request has, at all servers of the database. With an API key there
        is none to end.
        """
        return self._call("DELETE", "/api/v1/session", {})

    def get_servers(self):
        """List the servers.

        Servers that use one PostgreSQL database share its accounts. A server with a database of its own is
        the only one of the list.
        """
        return self._call("GET", "/api/v1/servers", {})

    def get_backup(self):
        """Get a consistent copy of the database.

        The tokens and keys in it are sealed with the server's master key, which is not in it. docs/backup.md
        says how to restore it.
        """
        return self._open("GET", "/api/v1/backup", {}, None)

    def rotate_master_key(self):
        """Seal all secrets with the first master key.

        The first of the server's master keys seals, all of them open. This call seals again what another key
        has sealed, some accounts at a time, while the server works. If it is interrupted, repeat it: it
        continues where it was. docs/security.md describes how to exchange a key.
        """
        return self._call("POST", "/api/v1/master-key/rotate", {})

    def get_openapi(self):
        """Get this description."""
        return self._call("GET", "/api/v1/openapi.yaml", {})

    def get_docs(self):
        """Get this description as a page to read."""
        return self._call("GET", "/api/docs", {})


def _text(value):
    """Of a query's parameter, or of each of its values."""
    if isinstance(value, (list, tuple)):
        return [_text(each) for each in value]
    return str(int(value)) if isinstance(value, bool) else str(value)


def _given(**members):
    """Those that are not left out."""
    return {name: value for name, value in members.items() if value is not None}


def _segment(text):
    return urllib.parse.quote(text, safe="")


def _reason(error):
    text = error.read().decode(errors="replace")
    try:
        return json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return text.strip() or error.reason
