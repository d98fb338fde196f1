"""Registries, collections and versions are found by filters, one level below the other."""

from datetime import UTC, datetime, timedelta

import git_registry as wandb

api = wandb.Api()


def names(found):
    return " ".join(one.name for one in found)


print(names(api.registries(filter={"name": {"$regex": "(?i)model"}})))
print(names(api.registries(organization="acme", filter={"name": "model"})))
print(names(api.registries().collections(filter={"name": {"$regex": "yolo"}})))
print(names(api.registries().collections(filter={"name": {"$contains": "small"}})))
print(names(api.registries().collections(filter={"$or": [{"name": {"$regex": "large"}}, {"tag": "cnn"}]})))
print(names(api.registries().collections(filter={"$nor": [{"tag": "cnn"}]})))
print(names(api.registries().collections().versions(filter={"tag": "production-ready"})))
print(names(api.registries().versions(filter={"metadata.score": {"$gte": 0.8}})))
print(names(api.registries().versions(filter={"metadata.by.team": {"$eq": "speech"}})) or "none")

tomorrow = datetime.now(UTC) + timedelta(days=1)
recent = {"created_at": {"$gte": "2026-02-01", "$lte": f"{tomorrow:%Y-%m-%d %H:%M:%S}"}}
print(
    names(
        api.registries(filter={"name": {"$regex": "model"}})
        .collections(filter={"$or": [{"name": {"$regex": "yolo"}}, {"tag": {"$exists": True}}]})
        .versions(filter={"$and": [{"$or": [{"alias": "at-90"}, {"alias": "at-95"}]}, recent]})
    )
)
print(names(api.registry("model").collections(order="-name")))
print(names(api.registry("model").versions(filter={"alias": "latest"})))
try:
    api.registries(filter={"colour": "red"})
except ValueError as error:
    print("colour" in str(error))
