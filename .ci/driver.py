"""A server under load and a model of what it must hold; shared by the scripts that take servers down.

Every worker owns its users, its own groups and the membership of its users in the shared groups, so that what one
worker did is a sequence. A worker keeps a flat model of what was acknowledged, {key: value}, and the effects of the
one operation that has no answer yet. After a restart every key must be as the model says, and the effects of the
operation without an answer must be there all or not at all.
"""
import http.client
import random
import threading

# Some of these are for the scripts, which know them under this module's name.
from server import Client, Problems, Server, Version, binary, compiled

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SHARED = ["shared-%d" % number for number in range(4)]


class Refused(Exception):
    """The server said that nothing was changed."""


class Worker:
    """One client: a model of what it owns, and random operations on it.

    Keys: ("user", userName), ("group", externalId), ("edge", externalId of the group, userName).
    """

    def __init__(self, name, world):
        self.name, self.world = name, world
        self.random = random.Random("%s/%s" % (world.seed, name))
        self.state = {}
        self.ids = {}
        self.versions = {}
        self.pending = None
        self.serial = 0
        self.acknowledged = 0
        self.refused = 0
        self.operations = [
            (self.create_user, 24), (self.put_user, 12), (self.patch_user, 16), (self.delete_user, 9),
            (self.create_group, 4), (self.patch_group, 10), (self.put_group, 4), (self.delete_group, 3),
            (self.patch_shared, 14), (self.bulk, 5), (self.take_name, 3), (self.write_stale, 3), (self.read_user, 4)]

    # What is owned

    def users(self):
        return [key[1] for key in self.state if key[0] == "user"]

    def groups(self):
        return [key[1] for key in self.state if key[0] == "group"]

    def members(self, group):
        return [key[2] for key in self.state if key[0] == "edge" and key[1] == group]

    def edges_of(self, user):
        return [key for key in self.state if key[0] == "edge" and key[2] == user]

    # Writing

    def write(self, method, path, body, effects, statuses, touched=(), **headers):
        """Sends one operation; `effects` are the keys it changes, None for gone."""
        self.pending = (effects, touched)
        status, fields, answer = self.client(method, path, body, **headers)
        if status in statuses:
            self.pending = None
            self.take(effects, touched, fields, answer)
            self.acknowledged += 1
            return answer
        if status in self.world.refusals:
            if not answer or answer.get("schemas") != [ERROR] or answer.get("status") != str(status):
                self.world.problems.add("answers", "%s %s: %d without an error body" % (method, path, status))
            self.pending = None
            self.refused += 1
            raise Refused(status)
        self.world.problems.add("answers", "%s %s: %d %s" % (method, path, status, answer))
        self.pending = None
        raise Refused(status)

    def take(self, effects, touched, fields, answer):
        version = None
        if answer and "meta" in answer:
            version = Version(answer["meta"]["version"])
            if fields["ETag"] != answer["meta"]["version"]:
                self.world.problems.add("versions", "ETag %s, meta.version %s" % (
                    fields["ETag"], answer["meta"]["version"]))
        for key in self.affected(effects, touched):
            old = self.versions.get(key, (0, True))[0]
            if version is not None and version <= old:
                self.world.problems.add("versions", "%s: %d after %d" % (key, version, old))
            self.versions[key] = (version, True) if version is not None else (old, False)
        for key, value in effects.items():
            if value is None:
                self.state.pop(key, None)
                self.versions.pop(key, None)
            else:
                self.state[key] = value
                if key[0] != "edge" and answer and "id" in answer:
                    self.ids[key] = answer["id"]
                    self.check(key, answer)

    @staticmethod
    def affected(effects, touched=()):
        """The resources that get a new version."""
        keys = set(touched)
        for key in effects:
            if key[0] == "edge":
                if key[1] not in SHARED:
                    keys.add(("group", key[1]))
            else:
                keys.add(key)
        return keys

    def check(self, key, answer):
        found = value_of(answer)
        if found != self.state[key]:
            self.world.problems.add("answers", "%s: %s instead of %s" % (key, found, self.state[key]))

    def user_body(self, user, value):
        return {"schemas": [USER], "userName": user, "nickName": value[0], "title": value[1], "active": value[2],
                "name": {"familyName": value[0]}, "emails": [{"value": user, "type": "work"}],
                "locale": self.world.padding and "x" * self.random.randrange(*self.world.padding) or "en"}

    def new_value(self):
        self.serial += 1
        tag = "%s-%d" % (self.name, self.serial)
        return (tag, tag, self.random.random() < 0.5)

    def create_user(self):
        self.serial += 1
        user = "u-%s-%d@example.com" % (self.name, self.serial)
        if len(self.users()) >= self.world.most_users:
            return self.delete_user()
        value = self.new_value()
        self.write("POST", "/Users", self.user_body(user, value), {("user", user): value}, [201])

    def put_user(self):
        user = self.random.choice(self.users())
        value = self.new_value()
        headers = {}
        version, exact = self.versions[("user", user)]
        if exact and self.random.random() < 0.5:
            headers["If_Match"] = version.text
        self.write("PUT", "/Users/" + self.ids[("user", user)], self.user_body(user, value),
                   {("user", user): value}, [200], **headers)

    def patch_user(self):
        user = self.random.choice(self.users())
        value = self.new_value()
        body = {"schemas": [PATCH], "Operations": [
            {"op": "replace", "path": "nickName", "value": value[0]},
            {"op": "replace", "path": "name.familyName", "value": value[0]},
            {"op": "replace", "value": {"title": value[1]}},
            {"op": "replace", "path": "active", "value": value[2]}]}
        self.write("PATCH", "/Users/" + self.ids[("user", user)], body, {("user", user): value}, [200])

    def delete_user(self):
        user = self.random.choice(self.users())
        edges = self.edges_of(user)
        effects = {key: None for key in edges}
        effects[("user", user)] = None
        self.write("DELETE", "/Users/" + self.ids[("user", user)], None, effects, [204])

    def create_group(self):
        if len(self.groups()) >= self.world.most_groups:
            return self.delete_group()
        self.serial += 1
        group = "g-%s-%d" % (self.name, self.serial)
        some = self.some(self.users())
        effects = {("edge", group, user): True for user in some}
        effects[("group", group)] = "%s-%d" % (self.name, self.serial)
        self.write("POST", "/Groups", {
            "schemas": [GROUP], "displayName": effects[("group", group)], "externalId": group,
            "members": self.references(some)}, effects, [201])

    def patch_group(self):
        group = self.random.choice(self.groups())
        self.serial += 1
        present = self.members(group)
        removed = self.some(present)
        added = self.some([user for user in self.users() if user not in set(present)])
        effects = {("edge", group, user): None for user in removed}
        effects.update({("edge", group, user): True for user in added})
        effects[("group", group)] = "%s-%d" % (self.name, self.serial)
        operations = [{"op": "replace", "path": "displayName", "value": effects[("group", group)]}]
        operations += [
            {"op": "remove", "path": 'members[value eq "%s"]' % self.ids[("user", user)]} for user in removed]
        if added:
            operations.append({"op": "add", "path": "members", "value": self.references(added)})
        self.random.shuffle(operations)
        self.write("PATCH", "/Groups/" + self.ids[("group", group)],
                   {"schemas": [PATCH], "Operations": operations}, effects, [200])

    def put_group(self):
        group = self.random.choice(self.groups())
        self.serial += 1
        present, wanted = set(self.members(group)), set(self.some(self.users()))
        effects = {("edge", group, user): None for user in present - wanted}
        effects.update({("edge", group, user): True for user in wanted - present})
        effects[("group", group)] = "%s-%d" % (self.name, self.serial)
        self.write("PUT", "/Groups/" + self.ids[("group", group)], {
            "schemas": [GROUP], "displayName": effects[("group", group)], "externalId": group,
            "members": self.references(sorted(wanted))}, effects, [200])

    def delete_group(self):
        group = self.random.choice(self.groups())
        effects = {("edge", group, user): None for user in self.members(group)}
        effects[("group", group)] = None
        self.write("DELETE", "/Groups/" + self.ids[("group", group)], None, effects, [204])

    def patch_shared(self):
        group = self.random.choice(SHARED)
        present = self.members(group)
        removed = self.some(present)
        added = self.some([user for user in self.users() if user not in set(present)])
        if not removed and not added:
            return
        effects = {("edge", group, user): None for user in removed}
        effects.update({("edge", group, user): True for user in added})
        operations = [
            {"op": "remove", "path": 'members[value eq "%s"]' % self.ids[("user", user)]} for user in removed]
        if added:
            operations.append({"op": "add", "path": "members", "value": self.references(added)})
        self.write("PATCH", "/Groups/" + self.world.shared[group],
                   {"schemas": [PATCH], "Operations": operations}, effects, [200])

    def bulk(self):
        """Two users and a group that holds them come, a user goes."""
        if len(self.groups()) >= self.world.most_groups:
            return self.delete_group()
        gone = self.random.choice(self.users())
        effects = {key: None for key in self.edges_of(gone)}
        effects[("user", gone)] = None
        self.serial += 1
        tag = "%s-%d" % (self.name, self.serial)
        group, made = "g-" + tag, []
        for letter in "ab":
            made.append(("user", "u-%s%s@example.com" % (tag, letter)))
            effects[made[-1]] = self.new_value()
            effects[("edge", group, made[-1][1])] = True
        made.append(("group", group))
        effects[made[-1]] = tag
        operations = [
            {"method": "POST", "path": "/Users", "bulkId": user, "data": self.user_body(user, effects[("user", user)])}
            for _, user in made[:2]]
        operations.append({"method": "POST", "path": "/Groups", "bulkId": "group", "data": {
            "schemas": [GROUP], "displayName": tag, "externalId": group,
            "members": [{"value": "bulkId:" + user} for _, user in made[:2]]}})
        operations.append({"method": "DELETE", "path": "/Users/" + self.ids[("user", gone)]})
        answer = self.write("POST", "/Bulk", {"schemas": [BULK], "Operations": operations}, effects, [200])
        results = answer["Operations"]
        if [result["status"] for result in results] != ["201", "201", "201", "204"]:
            return self.world.problems.add("answers", "bulk: %s" % results)
        for key, result in zip(made, results):
            self.ids[key] = result["location"].rsplit("/", 1)[1]
            self.versions[key] = (Version(result["version"]), True)

    # What must be refused, and reading

    def take_name(self):
        user = self.random.choice(self.users())
        status, _, _ = self.client("POST", "/Users", self.user_body(user.upper(), self.new_value()))
        if status != 409:
            self.world.problems.add("answers", "a userName that is taken: %d" % status)

    def write_stale(self):
        user = self.random.choice(self.users())
        version, _ = self.versions[("user", user)]
        status, _, _ = self.client("PUT", "/Users/" + self.ids[("user", user)],
                                   self.user_body(user, self.new_value()), If_Match=version.before().text)
        if status != 412:
            self.world.problems.add("answers", "a stale If-Match: %d" % status)

    def read_user(self):
        user = self.random.choice(self.users())
        status, _, answer = self.client("GET", "/Users/" + self.ids[("user", user)])
        if status != 200:
            return self.world.problems.add("answers", "GET of %s: %d" % (user, status))
        self.check(("user", user), answer)
        shown = {group["value"] for group in answer.get("groups", [])}
        owned = {self.world.shared.get(key[1]) or self.ids[("group", key[1])] for key in self.edges_of(user)}
        if shown != owned:
            self.world.problems.add("answers", "groups of %s: %s instead of %s" % (user, shown, owned))

    def some(self, things):
        return self.random.sample(things, min(len(things), self.random.randrange(0, 5)))

    def references(self, users):
        return [{"value": self.ids[("user", user)]} for user in users]

    # The loop

    def step(self):
        """One operation, drawn by chance."""
        if not self.users():
            operation = self.create_user
        elif not self.groups():
            operation = self.create_group
        else:
            operation = self.random.choices(
                [operation for operation, _ in self.operations], [weight for _, weight in self.operations])[0]
        operation()

    def run(self, stop):
        """Until `stop` is set or the server is gone."""
        self.client = Client(self.world.server)
        try:
            while not stop.is_set():
                try:
                    self.step()
                except Refused:
                    stop.wait(self.world.pause)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if not self.world.is_ending.wait(2):
                self.world.problems.add("answers", "the connection broke: %r" % error)
        finally:
            self.client.close()

    # After a restart

    def compare(self, seen):
        """`seen`: {key: (value, version, id)} of everything that is this worker's by its name."""
        effects, touched = self.pending or ({}, ())
        effects = {key: value for key, value in effects.items() if self.state.get(key) != value}
        applied = [key for key, value in effects.items() if self.value(seen, key) == value]
        is_applied = bool(effects) and len(applied) == len(effects)
        if applied and not is_applied:
            self.world.problems.add("half-applied", "%s: %d of %d effects" % (self.name, len(applied), len(effects)))
        if self.pending:
            self.world.unanswered[is_applied] += 1
        self.pending = None
        for key, value in self.state.items():
            if key not in effects and self.value(seen, key) != value:
                self.world.problems.add("lost", "%s: %s instead of %s" % (key, self.value(seen, key), value))
        for key, (value, _, _) in seen.items():
            if key not in effects and key not in self.state:
                self.world.problems.add("ghosts", "%s: %s" % (key, value))
        self.compare_versions(seen, self.affected(effects, touched) if is_applied else ())
        self.state = {key: value for key, (value, _, _) in seen.items()}
        self.ids = {key: identity for key, (_, _, identity) in seen.items() if key[0] != "edge"}
        self.versions = {key: (version, True) for key, (_, version, _) in seen.items() if key[0] != "edge"}

    def compare_versions(self, seen, changed):
        for key, (version, exact) in self.versions.items():
            if key not in seen:
                continue
            now, identity = seen[key][1], seen[key][2]
            exact = exact and key not in changed
            if (now != version) if exact else (now <= version):
                self.world.problems.add("versions", "%s: %d, was %d%s" % (
                    key, now, version, "" if exact else " before a later change"))
            if self.ids.get(key, identity) != identity:
                self.world.problems.add("lost", "%s has another id" % (key,))

    @staticmethod
    def value(seen, key):
        return seen[key][0] if key in seen else None


def value_of(resource):
    """What the model keeps of a resource; a PATCH of which only a part is there shows as a text of its own."""
    if "userName" not in resource:
        return resource["displayName"]
    if resource.get("name", {}).get("familyName") != resource.get("nickName"):
        return "half a change: %s" % resource
    return (resource.get("nickName"), resource.get("title"), resource.get("active"))


class World:
    """The workers, the server they write to, and the comparison."""

    def __init__(self, server, problems, workers=8, seed=None, most_users=60, most_groups=6, padding=None,
                 refusals=(), pause=0.01, worker=Worker):
        self.server, self.problems = server, problems
        self.seed = seed if seed is not None else random.randrange(1 << 30)
        self.most_users, self.most_groups, self.padding = most_users, most_groups, padding
        self.refusals, self.pause = set(refusals), pause
        self.shared = {}
        self.order = []
        self.unanswered = {True: 0, False: 0}
        self.is_ending = threading.Event()
        self.workers = [worker("w%d" % number, self) for number in range(workers)]
        self.highest = 0

    def prepare(self):
        """Makes the shared groups; the server runs."""
        client = Client(self.server)
        for group in SHARED:
            status, _, answer = client("POST", "/Groups", {
                "schemas": [GROUP], "displayName": group, "externalId": group})
            if status in self.refusals:
                raise Refused(status)
            if status != 201:
                raise RuntimeError("no group: %d %s" % (status, answer))
            self.shared[group] = answer["id"]
        client.close()

    def load(self):
        """Starts all workers; the answer ends them."""
        stop = threading.Event()
        self.is_ending.clear()
        threads = [threading.Thread(target=worker.run, args=(stop,), daemon=True) for worker in self.workers]
        for thread in threads:
            thread.start()

        def end(then=None):
            """Ends the server with `then` under load, or lets the workers finish what they are at."""
            if then:
                self.is_ending.set()
                result = then()
            stop.set()
            for thread in threads:
                thread.join()
            return result if then else None

        return end

    @property
    def acknowledged(self):
        return sum(worker.acknowledged for worker in self.workers)

    @property
    def refused(self):
        return sum(worker.refused for worker in self.workers)

    def listing(self, client, path):
        found = []
        while True:
            status, _, answer = client("GET", "%s?startIndex=%d&count=200" % (path, len(found) + 1))
            if status != 200:
                self.problems.add("answers", "GET %s: %d" % (path, status))
                return found
            found += answer["Resources"]
            if len(found) >= answer["totalResults"] or not answer["Resources"]:
                if len(found) != answer["totalResults"]:
                    self.problems.add("answers", "%s says %d, shows %d" % (path, answer["totalResults"], len(found)))
                return found

    def compare(self):
        """Reads everything back; the server runs and nobody writes."""
        client = Client(self.server)
        users, groups = self.listing(client, "/Users"), self.listing(client, "/Groups")
        seen = {worker.name: {} for worker in self.workers}
        names = {}
        for user in users:
            names[user["id"]] = user["userName"]
            self.place(seen, user["userName"], ("user", user["userName"]), user)
        shown = {(group["value"], user["id"]) for user in users for group in user.get("groups", [])}
        held = set()
        for group in groups:
            name = group.get("externalId", "")
            if name in SHARED:
                if self.shared[name] != group["id"]:
                    self.problems.add("ghosts", "a second " + name)
            else:
                self.place(seen, name, ("group", name), group)
            for member in group.get("members", []):
                held.add((group["id"], member["value"]))
                user = names.get(member["value"])
                if user is None:
                    self.problems.add("half-applied", "%s has a member that does not exist" % name)
                else:
                    self.place(seen, user, ("edge", name, user), None)
        if shown != held:
            self.problems.add("half-applied", "groups of users and members of groups differ: %s" % (shown ^ held))
        if set(self.shared.values()) - {group["id"] for group in groups}:
            self.problems.add("lost", "a shared group")
        for worker in self.workers:
            worker.compare(seen[worker.name])
        self.compare_order([resource["id"] for resource in users])
        self.compare_tags(client, users + groups)
        client.close()

    def place(self, seen, name, key, resource):
        owner = name.split("-")[1] if name.count("-") == 2 else ""
        if owner not in seen:
            return self.problems.add("ghosts", "%s, which nobody made" % (key,))
        if key in seen[owner]:
            return self.problems.add("ghosts", "%s twice" % (key,))
        if resource is None:
            seen[owner][key] = (True, 0, None)
        else:
            seen[owner][key] = (value_of(resource), Version(resource["meta"]["version"]), resource["id"])

    def compare_order(self, ids):
        """A listing is in order of creation, before a restart and after."""
        known, present = set(self.order), set(ids)
        if [one for one in ids if one in known] != [one for one in self.order if one in present]:
            self.problems.add("versions", "the order of the listing changed")
        self.order = ids

    def compare_tags(self, client, resources):
        for resource in random.sample(resources, min(len(resources), 20)):
            path = "/Users/" if "userName" in resource else "/Groups/"
            status, fields, _ = client("GET", path + resource["id"])
            if status != 200 or fields["ETag"] != resource["meta"]["version"]:
                self.problems.add("versions", "%s: %d, ETag %s, listed as %s" % (
                    resource["id"], status, fields["ETag"], resource["meta"]["version"]))
